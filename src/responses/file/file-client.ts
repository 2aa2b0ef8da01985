import type { ChunkTarget } from '../../../libs/streams/index.js';
import type { Exchange } from '../../exchange/exchange.js';

/** The client that reads a file. It may be slow, and it may disconnect. */
export class FileClient {
  readonly #isIntercepted: boolean;
  #isGone: boolean;
  #wake = () => {};
  #onDrain = () => {};
  #watchesDrain = false;
  #abort: AbortController | undefined;

  constructor(exchange: Exchange) {
    this.#isIntercepted = exchange.isIntercepted;
    this.#isGone = exchange.isOver;
    exchange.onceOver(() => {
      this.#isGone = true;
      this.#wake();
      this.#abort?.abort();
    });
  }

  /** True once the reply is over: sent in full, or its client disconnected. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** True if middleware may keep the chunks. It does not report when it no longer needs them (`compression`). */
  get keepsChunks(): boolean {
    return this.#isIntercepted;
  }

  /** Aborts once the reply is over. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#isGone) {
      this.#abort.abort();
    }
    return this.#abort.signal;
  }

  /**
   * Writes a chunk. Resolves to true once the next chunk can be written, and to false if the client has disconnected.
   */
  write(chunk: Uint8Array, target: ChunkTarget): Promise<boolean> {
    return this.#isIntercepted ? this.#writeKept(chunk, target) : this.#writeTaken(chunk, target);
  }

  #writeTaken(chunk: Uint8Array, target: ChunkTarget): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wake = () => resolve(false);
      target.write(chunk, (error) => resolve(!error && !this.#isGone));
    });
  }

  #writeKept(chunk: Uint8Array, target: ChunkTarget): Promise<boolean> {
    return new Promise((resolve) => {
      this.#wake = () => resolve(false);
      this.#onDrain = () => resolve(!this.#isGone);
      if (!this.#watchesDrain) {
        this.#watchesDrain = true;
        // Uses `on()`, the only method that the `compression` middleware forwards.
        target.on('drain', () => this.#onDrain());
      }
      if (target.write(chunk)) {
        resolve(!this.#isGone);
      }
    });
  }
}
