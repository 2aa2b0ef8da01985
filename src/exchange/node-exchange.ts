import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';
import type { ServerResponse } from 'node:http';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { Exchange } from './exchange.js';
import { hasNoBody, mergeHead, setLength, type Head, type HeaderStore } from './header-store.js';
import { http1Target } from './http1-target.js';

/**
 * A reply written directly to Node's `ServerResponse`, so that middleware that patches it (compression, helmet) still
 * works. Used for Express, and for the Node response that Fastify passes to middleware.
 */
export class NodeExchange extends Exchange {
  constructor(private readonly response: ServerResponse) {
    super(response, response.req);
  }

  get headers(): HeaderStore {
    return new NodeHeaders(this.response);
  }

  protected get routePath(): string | undefined {
    const { route, baseUrl = '' } = this.response.req as Partial<ExpressRequest>;
    return route && `${baseUrl}${route.path}`;
  }

  send(head: Head, body?: string | Uint8Array): void {
    const { response } = this;
    response.statusCode = head.statusCode;
    mergeHead(this.headers, head);
    if (body === undefined) {
      if (!hasNoBody(head.statusCode)) {
        response.setHeader('Content-Length', 0);
      }
      response.end();
    } else if (isExpress(response)) {
      // Express applies its settings for ETags, freshness and HEAD. Sent as a buffer, because Express adds a charset to
      // the type of a string.
      response.send(typeof body === 'string' ? Buffer.from(body) : body);
    } else {
      response.setHeader('Content-Length', Buffer.byteLength(body));
      response.end(body);
    }
  }

  open(head: Head): ChunkTarget {
    const { response } = this;
    response.statusCode = head.statusCode;
    mergeHead(this.headers, head);
    setLength(this.headers, head.length);
    return http1Target(response);
  }
}

/** The headers of a Node response. */
export class NodeHeaders implements HeaderStore {
  constructor(private readonly response: ServerResponse) {}

  get(name: string): number | string | readonly string[] | undefined {
    return this.response.getHeader(name);
  }

  set(name: string, value: string): void {
    this.response.setHeader(name, value);
  }

  append(name: string, value: string): void {
    this.response.appendHeader(name, value);
  }

  remove(name: string): void {
    this.response.removeHeader(name);
  }
}

function isExpress(response: ServerResponse): response is ExpressResponse {
  return 'send' in response;
}
