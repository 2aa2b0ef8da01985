import { fastify, type FastifyPluginAsync, type RouteShorthandOptionsWithHandler } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Start } from './scenario.js';

/** Fastify without Nest, with one route. */
export function serveFastify(
  route: RouteShorthandOptionsWithHandler,
  ...plugins: readonly FastifyPluginAsync[]
): Start {
  return async () => {
    const app = fastify();
    for (const plugin of plugins) {
      await app.register(plugin);
    }
    app.get('/', route);
    await app.listen({ port: 0, host: '127.0.0.1' });
    return (app.server.address() as AddressInfo).port;
  };
}
