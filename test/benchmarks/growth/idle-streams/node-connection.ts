import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Start } from '../../support/scenario.js';

/** Answers, and keeps the connection open for a next request. */
const start: Start = async () => {
  const server = createServer((_request, response) => response.end());
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

export default start;
