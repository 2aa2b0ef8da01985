import { connect, type Socket } from 'node:net';
import { deferred } from '../support/deferred.js';

/** How the chunked coding ends a body properly. Source: RFC 9112, section 7.1. */
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** A bare connection that asks for one body, and keeps none of it, so that there can be thousands. */
export class StreamClient {
  /** How many bytes came. */
  bytes = 0;
  /** Whether the connection was ended by the server rather than reset. */
  hasEnded = false;
  /** Settles once something of the body has come, or the connection is closed. */
  readonly begun: Promise<void>;
  /** Settles once the body has come to its proper end, or the connection is closed. */
  readonly done: Promise<void>;
  /** Settles once the connection is closed. */
  readonly closed: Promise<void>;
  #tail = '';
  /** What has come until the body had begun. */
  #head = '';
  #hasBegun = false;

  constructor(
    port: number,
    path: string,
    readonly socket: Socket = connect(port, '127.0.0.1'),
  ) {
    socket.on('error', () => undefined);
    socket.on('end', () => {
      this.hasEnded = true;
    });
    const [begun, done, closed] = [deferred(), deferred(), deferred()];
    this.begun = begun.promise;
    this.done = done.promise;
    this.closed = closed.promise;
    socket.once('close', () => [begun, done, closed].forEach(({ resolve }) => resolve()));
    socket.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      const end = chunk.toString('latin1', Math.max(0, chunk.length - LAST_CHUNK.length));
      this.#tail = (this.#tail + end).slice(-LAST_CHUNK.length);
      if (!this.#hasBegun) {
        this.#head += chunk.toString('latin1');
        this.#hasBegun = /\r\n\r\n./.test(this.#head);
      }
      if (this.#hasBegun) {
        begun.resolve();
      }
      if (this.isComplete) {
        done.resolve();
      }
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }

  get status(): number {
    return Number(this.#head.slice(9, 12));
  }

  /** Whether the body came to its proper end. */
  get isComplete(): boolean {
    return this.#tail === LAST_CHUNK;
  }

  /** Leaves without a word. */
  leave(): void {
    this.socket.destroy();
  }
}
