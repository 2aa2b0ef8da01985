import { connect, type Socket } from 'node:net';
import { deferred } from '../support/deferred.js';

/** The proper end of a chunked body. Source: RFC 9112, section 7.1. */
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** A raw connection that requests a body and discards it, so that there can be thousands. */
export class StreamClient {
  /** The number of received bytes. */
  bytes = 0;
  /** True if the server closed the connection properly instead of resetting it. */
  hasEnded = false;
  /** Resolves once a part of the body has arrived or the connection is closed. */
  readonly begun: Promise<void>;
  /** Resolves once the body has ended properly or the connection is closed. */
  readonly done: Promise<void>;
  /** Resolves once the connection is closed. */
  readonly closed: Promise<void>;
  #tail = '';
  /** The bytes received before the body began. */
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

  /** True if the body ended properly. */
  get isComplete(): boolean {
    return this.#tail === LAST_CHUNK;
  }

  /** Destroys the connection. */
  leave(): void {
    this.socket.destroy();
  }
}
