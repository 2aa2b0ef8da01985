import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { NodeResponse } from './close-watch.js';
import type { Exchange } from './exchange.js';
import { FastifyExchange, FastifyHeaders } from './fastify-exchange.js';
import type { HeaderStore } from './header-store.js';
import { NodeExchange, NodeHeaders } from './node-exchange.js';

/** The reply object of the platform: an Express response, a Fastify reply, or a Node response. */
export type PlatformReply = ServerResponse | FastifyReply;

/** Creates the exchange for a reply object of the platform. */
export function createExchange(reply: PlatformReply): Exchange {
  return isFastify(reply) ? new FastifyExchange(reply) : new NodeExchange(reply);
}

/** Returns the headers that are set so far on a reply. */
export function headersOf(reply: PlatformReply): HeaderStore {
  return isFastify(reply) ? new FastifyHeaders(reply) : new NodeHeaders(reply);
}

/** Returns the Node response that the platform's reply wraps. */
export function rawReply(reply: PlatformReply): NodeResponse {
  return isFastify(reply) ? reply.raw : reply;
}

function isFastify(reply: PlatformReply): reply is FastifyReply {
  return 'raw' in reply;
}
