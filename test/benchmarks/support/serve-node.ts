import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Start } from './scenario.js';

/** A plain Node server, without any framework. */
export function serveNode(listener: RequestListener): Start {
  return async () => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
}
