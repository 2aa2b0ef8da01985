import type { IncomingHttpHeaders } from 'node:http';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { isOver, isSentInFull, onceOver, type NodeResponse } from './close-watch.js';
import type { Head } from './header-store.js';

/** One request and the reply being written, the same on every platform. */
export abstract class Exchange {
  /** @param raw Node's own reply, which the platform wraps */
  protected constructor(protected readonly raw: NodeResponse) {}

  get method(): string {
    return this.raw.req.method ?? 'GET';
  }

  get requestHeaders(): IncomingHttpHeaders {
    return this.raw.req.headers;
  }

  /** What a log names the request by: its method and the path of its route, e.g. `GET /puppies/:id`. */
  get route(): string {
    return `${this.method} ${this.routePath ?? this.raw.req.url?.split('?', 1)[0]}`;
  }

  /** The path of the route as declared; undefined where the platform found none. */
  protected abstract get routePath(): string | undefined;

  /** Whether the head is on its way, so that only a cut can tell the client of a failure. */
  get isHeadSent(): boolean {
    return this.raw.headersSent;
  }

  /** Whether the reply is over: sent, or its client gone. */
  get isOver(): boolean {
    return isOver(this.raw);
  }

  /** Calls back once, when the reply is over, with whether it was sent in full. */
  onceOver(callback: (isSent: boolean) => void): void {
    const { raw } = this;
    let isSent = false;
    raw.once('finish', () => {
      isSent = isSentInFull(raw);
    });
    onceOver(raw, () => callback(isSent));
  }

  /** Sends a reply whose body is known as a whole, or that has none, by the habits of the platform. */
  abstract send(head: Head, body?: string | Uint8Array): void;

  /** Writes the head of a body that is streamed, and gives what the body is written to. */
  abstract open(head: Head): ChunkTarget;
}
