/** Bytes of a large buffer: the fewer and larger reads and writes are, the less a byte costs. */
const LARGE = 1024 * 1024;
/** Bytes of a buffer beyond those. */
const SMALL = 128 * 1024;
/** How many large buffers are in use at once, so that a crowd of slow clients takes little more than sockets do. */
const MAX_LENT = 32;
/** How many are kept for the next file. A fresh one costs a page fault for each 4 KiB, nearly as much as sending them. */
const MAX_KEPT = 8;

/** Lends buffers to read files into, in bounds. */
export class BufferPool {
  readonly #kept: Buffer[] = [];
  #lent = 0;

  /** A buffer for `length` more bytes, of that size at most. Its content is arbitrary. */
  take(length: number): Buffer {
    if (length <= SMALL || this.#lent === MAX_LENT) {
      return Buffer.allocUnsafeSlow(Math.min(length, SMALL));
    }
    this.#lent += 1;
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(LARGE);
  }

  /** Takes a buffer back; `isFree` tells whether nobody reads or writes it any more, so that it can be lent again. */
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
