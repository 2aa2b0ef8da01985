import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** The platform that the environment variable PLATFORM names: `fastify`, or Express, which all else means. */
export function createAdapter(): ExpressAdapter | FastifyAdapter {
  return process.env['PLATFORM'] === 'fastify'
    ? new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } })
    : new ExpressAdapter();
}
