import { Writable } from 'node:stream';

/** A writable whose consumer, as a client, takes a chunk only while it is reading. */
export class ControlledTarget extends Writable {
  /** What was taken, chunk by chunk. */
  readonly chunks: string[] = [];
  /** How often the head was asked to leave alone. */
  heads = 0;
  #isReading: boolean;
  #take: (() => void) | undefined;

  constructor({ isReading = true }: { readonly isReading?: boolean } = {}) {
    super({ highWaterMark: 16 * 1024 });
    this.#isReading = isReading;
  }

  get text(): string {
    return this.chunks.join('');
  }

  /** Takes what waits and all that comes, or, with `false`, nothing more. */
  read(isReading = true): void {
    this.#isReading = isReading;
    if (isReading) {
      this.readOne();
    }
  }

  /** Takes one chunk that waits. */
  readOne(): void {
    const take = this.#take;
    this.#take = undefined;
    take?.();
  }

  flushHeaders(): void {
    this.heads += 1;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const take = () => {
      this.chunks.push(chunk.toString());
      done();
    };
    if (this.#isReading) {
      take();
    } else {
      this.#take = take;
    }
  }
}
