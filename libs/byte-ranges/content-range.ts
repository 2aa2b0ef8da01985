import type { ByteRange } from './byte-range.js';

/** Returns the `Content-Range` field of one part: `bytes 0-9/100`. RFC 9110, section 14.4. */
export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}

/** Returns the `Content-Range` field of a 416: `bytes *` and the size. RFC 9110, section 15.5.17. */
export function unsatisfiedContentRange(size: number): string {
  return `bytes */${size}`;
}
