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

/** The number of checks per time-out for a client that has exceeded it but may still be receiving. */
const GRACES = 8;

/** A request and its reply, with the same interface on every platform. */
export abstract class Exchange {
  /**
   * @param raw the Node response, which the platform wraps
   * @param request the Node request. Without a connection, the `req` of `raw` may be a placeholder
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

  /** The name of the request in logs: its method and the path of its route, e.g. `GET /puppies/:id`. */
  get route(): string {
    return `${this.method} ${this.routePath ?? this.request.url?.split('?', 1)[0]}`;
  }

  /** The declared path of the route. Undefined if no route matched. */
  protected abstract get routePath(): string | undefined;

  /** The status of the reply. Final once the head has been sent. */
  get statusCode(): number {
    return this.raw.statusCode;
  }

  /** True if the head has been sent. A failure can then only be signalled by cutting the connection. */
  get isHeadSent(): boolean {
    return this.raw.headersSent;
  }

  /** True if the reply is over: sent in full, or its client disconnected. */
  get isOver(): boolean {
    return isOver(this.raw);
  }

  /** True if middleware has replaced `write()`, e.g. to compress the body. */
  get isIntercepted(): boolean {
    if (isHttp2(this.raw)) {
      return this.raw.write !== Http2ServerResponse.prototype.write;
    }
    // Without a connection, the response may be of a class with its own `write()`.
    return this.#hasConnection
      ? this.raw.write !== ServerResponse.prototype.write
      : Object.hasOwn(this.raw, 'write');
  }

  /** True if Node passes everything that is written within a turn to the system at once. */
  get isCorked(): boolean {
    return this.#hasConnection && !isHttp2(this.raw) && !this.isIntercepted;
  }

  get #hasConnection(): boolean {
    return connectionOf(this.raw) !== undefined;
  }

  /**
   * Closes the connection after the reply. A connection that is kept alive would delay the shutdown of the server.
   * HTTP/2 connections are shared with other replies and stay open.
   */
  endConnection(): void {
    if (!isHttp2(this.raw)) {
      this.headers.set('Connection', 'close');
    }
  }

  /**
   * Calls `callback` when the client has received none of the waiting bytes for `timeout` milliseconds. Up to about two
   * thirds of `timeout` later if the system must first tell if the client is only slow. Never called without a
   * connection.
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
    // Later writes are covered by Node's timer again.
    raw.on('drain', stopTimer);
    onceOver(raw, () => {
      stopTimer();
      peer?.stop();
    });
    if (!isHttp2(raw)) {
      // The timer belongs to the connection and would cut a quiet response that follows this one. Node sets its own
      // timer between two requests when this reply has finished.
      const before = raw.req.socket.timeout ?? 0;
      raw.prependOnceListener('finish', () => raw.setTimeout(before));
    }
    // Node's timer notices progress within a long write. The callback of `write()` comes too late for that.
    raw.setTimeout(timeout);
    // Not passed as the callback, which HTTP/2 calls only once.
    raw.on('timeout', check);
  }

  /**
   * Calls `callback` once the client's system has acknowledged nothing of the sent data for `timeout` milliseconds: the
   * client has vanished. Then closes the connection.
   *
   * @returns a watch that tells if the client is still receiving, even slowly. Stop it when the reply is over
   */
  onSilence(timeout: number, callback: () => void): WatchedPeer | undefined {
    return this.#watch(timeout, () => {
      callback();
      dropConnection(this.raw);
    });
  }

  /** Watches the client's end of the connection. */
  #watch(timeout: number, onSilent?: () => void): WatchedPeer | undefined {
    const connection = connectionOf(this.raw);
    return connection && watchPeer(connection, timeout, onSilent);
  }

  /** Calls `callback` once, when the reply is over: sent in full, or its client disconnected. */
  onceOver(callback: () => void): void {
    onceOver(this.raw, callback);
  }

  /** Calls `callback` once, when the reply is over, if it was sent in full. */
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

  /** Sends a complete reply through the platform, with or without a body. */
  abstract send(head: Head, body?: string | Uint8Array): void;

  /** Writes the head of a streamed body. Returns the target for the body. */
  abstract open(head: Head): ChunkTarget;
}
