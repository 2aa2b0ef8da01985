import { fastify, type RouteOptions } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Start } from './scenario.js';

/** Fastify without Nest, with one route. */
export function serveFastify(route: Pick<RouteOptions, 'handler' | 'schema'>): Start {
  return async () => {
    const app = fastify();
    app.route({ method: 'GET', url: '/', ...route });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return (app.server.address() as AddressInfo).port;
  };
}
