import type { FastifyReply } from 'fastify';
import { validateHeaderValue } from 'node:http';
import { constants } from 'node:http2';
import { Readable } from 'node:stream';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { isHttp2, type NodeRequest, type NodeResponse } from './close-watch.js';
import { Exchange } from './exchange.js';
import { flushMiddleware } from './flush-middleware.js';
import { hasNoBody, mergeHead, setLength, type Head, type HeaderStore } from './header-store.js';
import { http1Target } from './http1-target.js';

/** Headers that HTTP/2 does not allow and Node refuses to write. Source: RFC 9113, section 8.2.2. */
const CONNECTION_SPECIFIC = [
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
];

/** A Fastify reply, over HTTP/1.1 or HTTP/2. */
export class FastifyExchange extends Exchange {
  constructor(private readonly reply: FastifyReply) {
    super(reply.raw as NodeResponse, reply.request.raw as NodeRequest);
  }

  get headers(): HeaderStore {
    return new FastifyHeaders(this.reply);
  }

  protected get routePath(): string | undefined {
    return this.reply.request.routeOptions.url;
  }

  /** Uses `reply.send()`, so that `onSend` hooks run. */
  send(head: Head, body?: string | Uint8Array): void {
    const { reply } = this;
    this.#merge(head);
    if (body === undefined) {
      reply.removeHeader('content-length');
      if (this.method === 'HEAD' && hasNoBody(head.statusCode)) {
        // Fastify sets a length of 0 on a HEAD without a payload, but no length on one with a stream.
        reply.send(Readable.from([]));
        return;
      }
    } else if (typeof body === 'string') {
      // Fastify adds a charset to the JSON type of a string unless a serializer has written it.
      reply.serializer(identity);
    }
    reply.send(body);
  }

  /** Hijacks the reply. Headers set by Fastify hooks and plugins are kept. */
  open(head: Head): ChunkTarget {
    const { reply, raw } = this;
    this.#merge(head);
    setLength(this.headers, head.length);
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) {
        raw.setHeader(name, value);
      }
    }
    raw.statusCode = head.statusCode;
    // Comes last, so that exception filters can handle a header that Node refuses to write.
    reply.hijack();
    return isHttp2(raw) ? http2Target(raw) : http1Target(raw);
  }

  #merge(head: Head): void {
    const { reply } = this;
    keepRawCookies(reply);
    reply.code(head.statusCode);
    mergeHead(this.headers, head);
    if (isHttp2(this.raw)) {
      CONNECTION_SPECIFIC.forEach((name) => reply.removeHeader(name));
    }
  }
}

/** The headers of the Fastify reply. They win over headers that middleware has set on the raw response. */
export class FastifyHeaders implements HeaderStore {
  constructor(private readonly reply: FastifyReply) {}

  get(name: string): number | string | readonly string[] | undefined {
    return this.reply.getHeader(name);
  }

  set(name: string, value: string): void {
    // Fastify validates too late for the exception filters.
    validateHeaderValue(name, value);
    this.reply.header(name, value);
  }

  append(name: string, value: string): void {
    this.set(name, value);
  }

  remove(name: string): void {
    this.reply.removeHeader(name);
    // Middleware may have set it here.
    this.reply.raw.removeHeader(name);
  }
}

/**
 * Moves cookies that middleware set on the raw response to the Fastify reply. A cookie of the reply would drop them.
 */
function keepRawCookies(reply: FastifyReply): void {
  const earlier = reply.raw.getHeader('set-cookie');
  if (earlier === undefined) {
    return;
  }
  const own = reply.getHeaders()['set-cookie'];
  reply.removeHeader('set-cookie');
  reply.header('set-cookie', [earlier].flat());
  if (own !== undefined && own !== earlier) {
    reply.header('set-cookie', own);
  }
}

/**
 * Closes a stream with an error code instead of `destroy()`, which resets it with code 0. Clients treat that as a
 * proper end.
 */
function http2Target(raw: Extract<NodeResponse, { stream: unknown }>): ChunkTarget {
  return {
    write: (chunk, onWritten) => raw.write(chunk, 'utf8', onWritten),
    end: () => raw.end(),
    destroy: () => raw.stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    on: (event, listener) => raw.on(event, listener),
    off: (event, listener) => raw.off(event, listener),
    flushHeaders: () => {
      if (!raw.headersSent) {
        raw.writeHead(raw.statusCode);
      }
    },
    flush: () => flushMiddleware(raw),
  };
}

function identity<TValue>(value: TValue): TValue {
  return value;
}
