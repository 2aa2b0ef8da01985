import type { FileHandle } from 'node:fs/promises';
import { rangeLength, type BodySegment } from '../../../libs/byte-ranges/index.js';

/** The body of a file response: ranges of the file, and the text between them. */
export class FileBody {
  #rest: number;
  readonly #handle: FileHandle;
  readonly #segments: readonly BodySegment[];
  #index = 0;
  /** The number of bytes of the current segment that have been read. */
  #offset = 0;

  constructor(handle: FileHandle, segments: readonly BodySegment[]) {
    this.#handle = handle;
    this.#segments = segments;
    this.#rest = segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
  }

  /** The number of bytes left to read. */
  get rest(): number {
    return this.#rest;
  }

  /**
   * Reads into `buffer`, until it is full or the body ends.
   *
   * @returns the filled part of `buffer`; empty at the end. Rejects if the file has become shorter
   */
  async read(buffer: Buffer): Promise<Buffer> {
    let filled = 0;
    while (filled < buffer.length && this.#rest > 0) {
      const segment = this.#segments[this.#index] as BodySegment;
      const count = await this.#copy(segment, buffer.subarray(filled));
      filled += count;
      this.#rest -= count;
      this.#offset += count;
      if (this.#offset === lengthOf(segment)) {
        this.#index += 1;
        this.#offset = 0;
      }
    }
    return buffer.subarray(0, filled);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #copy(segment: BodySegment, buffer: Buffer): Promise<number> {
    const length = Math.min(lengthOf(segment) - this.#offset, buffer.length);
    if (segment instanceof Uint8Array) {
      buffer.set(segment.subarray(this.#offset, this.#offset + length));
      return length;
    }
    const position = segment.start + this.#offset;
    const { bytesRead } = await this.#handle.read(buffer, 0, length, position);
    if (bytesRead === 0) {
      throw new Error(
        `The file ends at byte ${position}. It has become shorter while it was sent.`,
      );
    }
    return bytesRead;
  }
}

function lengthOf(segment: BodySegment): number {
  return segment instanceof Uint8Array ? segment.length : rangeLength(segment);
}
