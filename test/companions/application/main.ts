import { Controller, Get, Module } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ClsModule, ClsService } from 'nestjs-cls';
import { Logger, LoggerModule } from 'nestjs-pino';
import {
  ApiNDJSONResponse,
  NDJSONResponse,
  ResponsesModule,
  ServerSentEventResponse,
} from 'nestjs-responses';
import { ApiProperty } from '@nestjs/swagger';
import { concatMap, delay, map, of, range, type Observable } from 'rxjs';

class Item {
  @ApiProperty({ type: Number }) i!: number;
  @ApiProperty({ type: String }) id!: string;
  @ApiProperty({ type: String }) trace!: string;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

@Controller()
class StreamsController {
  constructor(private readonly cls: ClsService) {}

  @Get('json')
  json(): Item {
    return this.item(0);
  }

  @Get('mapped/observable')
  @ApiNDJSONResponse({ type: Item })
  mappedObservable(): Observable<Item> {
    return this.observable();
  }

  @Get('mapped/generator')
  @ApiNDJSONResponse({ type: Item })
  mappedGenerator(): AsyncIterable<Item> {
    return this.generator();
  }

  @Get('returned/observable')
  returnedObservable() {
    return new NDJSONResponse(this.observable());
  }

  @Get('returned/generator')
  returnedGenerator() {
    return new ServerSentEventResponse(this.generator());
  }

  @Get('failing')
  failing() {
    return new NDJSONResponse(this.failingGenerator());
  }

  @Get('endless')
  endless() {
    return new NDJSONResponse(this.endlessGenerator());
  }

  private item(i: number): Item {
    const span = trace.getActiveSpan();
    return { i, id: this.cls.getId() ?? 'none', trace: span?.spanContext().traceId ?? 'none' };
  }

  private observable(): Observable<Item> {
    return range(0, 3).pipe(
      concatMap((i) => of(i).pipe(delay(5))),
      map((i) => this.item(i)),
    );
  }

  private async *generator(): AsyncGenerator<Item> {
    for (let i = 0; i < 3; i++) {
      await turn();
      yield this.item(i);
    }
  }

  private async *failingGenerator(): AsyncGenerator<Item> {
    yield this.item(0);
    await turn();
    throw new Error('The source has failed');
  }

  private async *endlessGenerator(): AsyncGenerator<Item> {
    yield this.item(0);
    await new Promise(() => undefined);
  }
}

@Module({
  imports: [
    LoggerModule.forRoot(),
    ClsModule.forRoot({
      global: true,
      middleware: {
        mount: true,
        generateId: true,
        idGenerator: (request: { headers: Record<string, string> }) =>
          request.headers['x-id'] ?? 'unnamed',
      },
    }),
    ResponsesModule.forRoot(),
  ],
  controllers: [StreamsController],
})
class AppModule {}

async function main(): Promise<void> {
  const options = { bufferLogs: true };
  const app =
    process.env['PLATFORM'] === 'Fastify'
      ? await NestFactory.create(AppModule, new FastifyAdapter(), options)
      : await NestFactory.create(AppModule, options);
  app.useLogger(app.get(Logger));
  await app.listen(0, '127.0.0.1');
  process.stdout.write(`${JSON.stringify({ url: await app.getUrl() })}\n`);
}
void main();
