import { ServerResponse, type IncomingHttpHeaders } from 'node:http';
import { Http2ServerResponse } from 'node:http2';
import { watchPeer, type WatchedPeer } from '../../libs/peer-watch/index.js';
import type { ChunkTarget } from '../../libs/streams/index.js';
import {
  connectionOf,
  dropConnection,
  isHttp2,
  isOver,
  isSentInFull,
  onceOver,
  type NodeRequest,
  type NodeResponse,
} from './close-watch.js';
import type { Head, HeaderStore } from './header-store.js';

/** How often in a time-out a client is asked after that is past it and may be taking something. */
const GRACES = 8;

/** One request and the reply being written, the same on every platform. */
export abstract class Exchange {
  /**
   * @param raw Node's own reply, which the platform wraps
   * @param request Node's own request: without a connection, the `req` of `raw` may be a placeholder
   */
  protected constructor(
    protected readonly raw: NodeResponse,
    protected readonly request: NodeRequest,
  ) {}

  get method(): string {
    return this.request.method ?? 'GET';
  }

  get requestHeaders(): IncomingHttpHeaders {
    return this.request.headers;
  }

  /** The headers of the reply that are set so far. */
  abstract get headers(): HeaderStore;

  /** What a log names the request by: its method and the path of its route, e.g. `GET /puppies/:id`. */
  get route(): string {
    return `${this.method} ${this.routePath ?? this.request.url?.split('?', 1)[0]}`;
  }

  /** The path of the route as declared; undefined where the platform found none. */
  protected abstract get routePath(): string | undefined;

  /** The status of the reply. Final once the head has been sent. */
  get statusCode(): number {
    return this.raw.statusCode;
  }

  /** Whether the head is on its way, so that only a cut can tell the client of a failure. */
  get isHeadSent(): boolean {
    return this.raw.headersSent;
  }

  /** Whether the reply is over: sent, or its client gone. */
  get isOver(): boolean {
    return isOver(this.raw);
  }

  /** True if middleware has replaced `write()`, e.g. to compress the body. */
  get isIntercepted(): boolean {
    if (isHttp2(this.raw)) {
      return this.raw.write !== Http2ServerResponse.prototype.write;
    }
    // Without a connection, the class of the response has a `write()` of its own.
    return this.#hasConnection
      ? this.raw.write !== ServerResponse.prototype.write
      : Object.hasOwn(this.raw, 'write');
  }

  /** True if Node hands everything that is written within a turn to the system at once. */
  get isCorked(): boolean {
    return this.#hasConnection && !isHttp2(this.raw) && !this.isIntercepted;
  }

  get #hasConnection(): boolean {
    return connectionOf(this.raw) !== undefined;
  }

  /**
   * Has the connection end with the reply: kept for a next request, it would keep a server that is being closed. One of
   * HTTP/2 is not the reply's own.
   */
  endConnection(): void {
    if (!isHttp2(this.raw)) {
      this.headers.set('Connection', 'close');
    }
  }

  /**
   * Calls back when the client has taken none of the waiting bytes for `timeout` milliseconds. Up to about two thirds of
   * `timeout` later if the system has to tell whether the client is only slow. Never without a connection.
   */
  onStall(timeout: number, callback: () => void): void {
    const { raw } = this;
    if (!this.#hasConnection) {
      return;
    }
    const peer = this.#watch(timeout);
    let timer: NodeJS.Timeout | undefined;
    const stopTimer = () => clearTimeout(timer);
    const check = () => {
      stopTimer();
      if (peer?.isTaking()) {
        timer = setTimeout(check, timeout / GRACES);
      } else {
        callback();
      }
    };
    // What is written from then on has Node's timer again.
    raw.on('drain', stopTimer);
    onceOver(raw, () => {
      stopTimer();
      peer?.stop();
    });
    if (!isHttp2(raw)) {
      // The timer is that of the connection: a quiet answer after this one would be cut by it. Node sets the one
      // between two requests when this reply has finished.
      const before = raw.req.socket.timeout ?? 0;
      raw.prependOnceListener('finish', () => raw.setTimeout(before));
    }
    // Node's timer sees the progress within a long write, which its callback comes too late for.
    raw.setTimeout(timeout);
    // Not as its callback, which is called but once with HTTP/2.
    raw.on('timeout', check);
  }

  /**
   * Calls back once the system of the client has acknowledged nothing of what was sent for `timeout` milliseconds, and
   * drops the connection: the client has vanished without a word.
   *
   * @returns what tells whether the client takes what waits for it, though slowly; to be stopped when the reply is over.
   */
  onSilence(timeout: number, callback: () => void): WatchedPeer | undefined {
    return this.#watch(timeout, () => {
      callback();
      dropConnection(this.raw);
    });
  }

  /** Watches the other side of the connection. */
  #watch(timeout: number, onSilent?: () => void): WatchedPeer | undefined {
    const connection = connectionOf(this.raw);
    return connection && watchPeer(connection, timeout, onSilent);
  }

  /** Calls back once, when the reply is over: sent, or its client gone. */
  onceOver(callback: () => void): void {
    onceOver(this.raw, callback);
  }

  /** Calls back once, when the reply is over, if it was sent in full. */
  onceSent(callback: () => void): void {
    const { raw } = this;
    let isSent = false;
    raw.once('finish', () => {
      isSent = isSentInFull(raw);
    });
    onceOver(raw, () => {
      if (isSent) {
        callback();
      }
    });
  }

  /** Sends a reply whose body is known as a whole, or that has none, by the habits of the platform. */
  abstract send(head: Head, body?: string | Uint8Array): void;

  /** Writes the head of a body that is streamed, and gives what the body is written to. */
  abstract open(head: Head): ChunkTarget;
}
