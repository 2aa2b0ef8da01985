import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Creates the adapter for the environment variable PLATFORM: `fastify`, or Express for any other value. */
export function createAdapter(): ExpressAdapter | FastifyAdapter {
  return process.env['PLATFORM'] === 'fastify'
    ? new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } })
    : new ExpressAdapter();
}
