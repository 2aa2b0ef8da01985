import { H3, serve, type EventHandler } from 'h3';
import type { Start } from './scenario.js';

/** An h3 application with one route, on Node. */
export function serveH3(handler: EventHandler): Start {
  return async () => {
    const app = new H3().get('/', handler);
    const server = serve(app, { port: 0, hostname: '127.0.0.1', silent: true });
    await server.ready();
    return Number(new URL(server.url ?? '').port);
  };
}
