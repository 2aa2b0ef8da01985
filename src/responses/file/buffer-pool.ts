/** The size of a large buffer, in bytes. Large reads and writes cost less per byte. */
const LARGE = 1024 * 1024;
/** The size of other buffers, in bytes. */
const SMALL = 128 * 1024;
/** The maximum number of large buffers in use, so that many slow clients take little more memory than their sockets. */
const MAX_LENT = 32;
/**
 * The number of free buffers kept for the next file. A new one costs a page fault per 4 KiB, nearly as much as sending
 * it.
 */
const MAX_KEPT = 8;

/** Lends buffers for reading files, up to a limit. */
export class BufferPool {
  readonly #kept: Buffer[] = [];
  #lent = 0;

  /** Returns a buffer for `length` more bytes, or a smaller one. Its content is arbitrary. */
  take(length: number): Buffer {
    if (length <= SMALL || this.#lent === MAX_LENT) {
      return Buffer.allocUnsafeSlow(Math.min(length, SMALL));
    }
    this.#lent += 1;
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(LARGE);
  }

  /** Returns a buffer to the pool. If `isFree` is true, nothing uses its memory any more, and it can be lent again. */
  giveBack(buffer: Buffer, isFree: boolean): void {
    if (buffer.length !== LARGE) {
      return;
    }
    this.#lent -= 1;
    if (isFree && this.#kept.length < MAX_KEPT) {
      this.#kept.push(buffer);
    }
  }
}
