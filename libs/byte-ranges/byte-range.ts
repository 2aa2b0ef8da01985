/** A range of bytes of a file: the positions of the first and the last byte. */
export interface ByteRange {
  readonly start: number;
  /** Inclusive, as in a `Range` field and in Node's `createReadStream()`. */
  readonly end: number;
}

/** The number of bytes in a range. */
export function rangeLength({ start, end }: ByteRange): number {
  return end - start + 1;
}
