import type { ModuleMetadata, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import type { Start } from './scenario.js';

/** A Nest application with one controller, on either platform. */
export function serveNest(
  controller: Type<object>,
  { imports = [] }: Pick<ModuleMetadata, 'imports'> = {},
): Start {
  return async (platform) => {
    const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
    const app = await NestFactory.create(
      { module: class BenchmarkModule {}, imports, controllers: [controller] },
      adapter,
      { logger: ['error', 'warn'] },
    );
    await app.listen(0, '127.0.0.1');
    return (app.getHttpServer().address() as AddressInfo).port;
  };
}
