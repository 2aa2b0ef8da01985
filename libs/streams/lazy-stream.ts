import { PassThrough } from 'node:stream';
import type { ChunkTarget } from './chunk-target.js';

/** A readable body whose source starts at the first read and stops when the stream is destroyed. */
export class LazyStream extends PassThrough {
  #start: ((target: ChunkTarget) => void) | undefined;
  readonly #stop: () => void;

  constructor(start: (target: ChunkTarget) => void, stop: () => void) {
    super();
    this.#start = start;
    this.#stop = stop;
    // Without a listener, a body that fails before anyone reads it would end the process.
    this.on('error', () => undefined);
  }

  override _read(size: number): void {
    const start = this.#start;
    this.#start = undefined;
    start?.(this);
    super._read(size);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#stop();
    super._destroy(error, callback);
  }
}
