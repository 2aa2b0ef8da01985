import { serve } from '@hono/node-server';
import { Hono, type Handler } from 'hono';
import type { AddressInfo } from 'node:net';
import type { Start } from './scenario.js';

/** A Hono application with one route, on Node. */
export function serveHono(handler: Handler): Start {
  const app = new Hono().get('/', handler);
  return () =>
    new Promise((resolve) => {
      serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
        resolve(port),
      );
    });
}
