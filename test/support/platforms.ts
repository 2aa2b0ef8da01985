import type { INestApplication, ModuleMetadata, NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { isNest11 } from './nest.js';
import { ResponsesModule, type ResponsesModuleOptions } from '../../src/index.js';

export interface Platform {
  readonly name: 'Express' | 'Fastify';
  adapter(): ExpressAdapter | FastifyAdapter;
}

/** All end-to-end tests run on each of these. */
export const platforms: readonly Platform[] = [
  { name: 'Express', adapter: () => new ExpressAdapter() },
  { name: 'Fastify', adapter: () => new FastifyAdapter() },
];

export interface StartOptions extends ModuleMetadata {
  /** Options of `ResponsesModule`; `false` leaves the module out. @default {} */
  readonly responses?: ResponsesModuleOptions | false;
  /** Configures the application before it listens. */
  readonly configure?: (app: INestApplication) => unknown;
  readonly adapter?: ExpressAdapter | FastifyAdapter;
  readonly application?: NestApplicationOptions;
  /** The loopback port to listen on. @default a free one */
  readonly port?: number;
}

export interface RunningApplication {
  readonly app: INestApplication;
  readonly port: number;
  /** The root of the application, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
}

/** Starts an application on a loopback port. Closed when the test is done. */
export async function start(
  platform: Platform,
  {
    responses = {},
    configure,
    adapter,
    application,
    port: wanted = 0,
    imports = [],
    ...metadata
  }: StartOptions,
): Promise<RunningApplication> {
  const module = await Test.createTestingModule({
    ...metadata,
    imports: responses ? [ResponsesModule.forRoot(responses), ...imports] : imports,
  }).compile();
  const app = module.createNestApplication(adapter ?? platform.adapter(), {
    logger: false,
    forceCloseConnections: true,
    ...application,
  });
  await configure?.(app);
  await app.listen(wanted, '127.0.0.1');
  onTestFinished(async () => {
    const closed = app.close();
    if (isNest11) {
      // On Fastify, the option of the application above has no effect on it.
      (app.getHttpServer() as Partial<Server>).closeAllConnections?.();
    }
    await closed;
  });
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, port, url: `http://127.0.0.1:${port}` };
}
