import { Writable } from 'node:stream';

/** A writable whose consumer, like a client, takes a chunk only while it is reading. */
export class ControlledTarget extends Writable {
  /** The chunks that were taken. */
  readonly chunks: string[] = [];
  /** The number of calls of `flushHeaders()`. */
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

  /** Takes all waiting and future chunks. With `false`, takes no more. */
  read(isReading = true): void {
    this.#isReading = isReading;
    if (isReading) {
      this.readOne();
    }
  }

  /** Takes one waiting chunk. */
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
