import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { NodeResponse } from './close-watch.js';
import type { Exchange } from './exchange.js';
import { FastifyExchange, FastifyHeaders } from './fastify-exchange.js';
import type { HeaderStore } from './header-store.js';
import { NodeExchange, NodeHeaders } from './node-exchange.js';

/** The reply object of the platform: Express' response, Fastify's reply, or the bare reply of Node. */
export type PlatformReply = ServerResponse | FastifyReply;

/** The exchange that a reply object of the platform belongs to. */
export function createExchange(reply: PlatformReply): Exchange {
  return isFastify(reply) ? new FastifyExchange(reply) : new NodeExchange(reply);
}

/** The headers of a reply that no response answers yet. */
export function headersOf(reply: PlatformReply): HeaderStore {
  return isFastify(reply) ? new FastifyHeaders(reply) : new NodeHeaders(reply);
}

/** Node's own reply under that of the platform. */
export function rawReply(reply: PlatformReply): NodeResponse {
  return isFastify(reply) ? reply.raw : reply;
}

function isFastify(reply: PlatformReply): reply is FastifyReply {
  return 'raw' in reply;
}
