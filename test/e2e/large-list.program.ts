import { Controller, Get, Param, ParseIntPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiProperty } from '@nestjs/swagger';
import { ApiNegotiatedResponse, ResponsesModule } from 'nestjs-responses';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Reads a list of generated rows as a JSON array and as NDJSON, in this process, and prints for each the bytes, the CPU
 * time in ms and the growth of the heap in MiB.
 *
 * Arguments: the platform, the number of rows.
 */
class Row {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;
}

@Controller()
class RowsController {
  @Get('rows/:count')
  @ApiNegotiatedResponse({ type: [Row], mediaTypes: ['application/json', 'application/x-ndjson'] })
  *rows(@Param('count', ParseIntPipe) count: number): Generator<Row> {
    for (let id = 0; id < count; id++) {
      yield { id, name: 'Canna' };
    }
  }
}

const [, , platform, count] = process.argv;
const app = await NestFactory.create(
  {
    module: class RowsModule {},
    imports: [ResponsesModule.forRoot()],
    controllers: [RowsController],
  },
  platform === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter(),
  { logger: ['error', 'warn'] },
);
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address() as AddressInfo;

interface Reading {
  readonly bytes: number;
  readonly start: string;
  readonly end: string;
  readonly cpu: number;
  readonly heapGrowth: number;
}

/** The heap is measured after garbage collection, each time that so many bytes have arrived. */
const MEASURE_EVERY = 2 ** 20;

function read(accept: string, rows: string | undefined): Promise<Reading> {
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const cpuBefore = process.cpuUsage();
  return new Promise((resolve, reject) => {
    const path = `/rows/${rows}`;
    get({ port, path, host: '127.0.0.1', headers: { accept } }, (response) => {
      let [bytes, start, end, heapGrowth, measured] = [0, '', '', 0, 0];
      response.setEncoding('latin1').on('data', (text: string) => {
        bytes += text.length;
        start ||= text.slice(0, 30);
        end = (end + text).slice(-30);
        if (bytes - measured >= MEASURE_EVERY * 4) {
          measured = bytes;
          globalThis.gc?.();
          heapGrowth = Math.max(heapGrowth, process.memoryUsage().heapUsed - heapBefore);
        }
      });
      response.on('error', reject);
      response.on('end', () => {
        const { user, system } = process.cpuUsage(cpuBefore);
        resolve({
          bytes,
          start,
          end,
          cpu: (user + system) / 1000,
          heapGrowth: heapGrowth / 2 ** 20,
        });
      });
    }).on('error', reject);
  });
}

const types = ['application/json', 'application/x-ndjson'];
for (const type of types) {
  // Once beforehand, for the compiler.
  await read(type, '20000');
}
console.log(
  JSON.stringify({
    array: await read('application/json', count),
    lines: await read('application/x-ndjson', count),
  }),
);
await app.close();
