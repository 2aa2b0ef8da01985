import { randomBytes } from 'node:crypto';
import { type ByteRange, rangeLength } from './byte-range.js';
import { contentRange } from './content-range.js';
import type { Representation } from './representation.js';

/** A segment of a body: bytes to write as is, or a range of the file to copy. */
export type BodySegment = Uint8Array | ByteRange;

/** A body of several ranges, to be written from the first to the last segment. */
export interface MultipartBody {
  /** The `Content-Type` field of the response. */
  readonly mediaType: string;
  /** The number of bytes of all segments. */
  readonly length: number;
  readonly segments: readonly BodySegment[];
}

/**
 * Frames ranges of a file as `multipart/byteranges`. Each part has the `Content-Type` of the file, if known, and its
 * `Content-Range`. The file must not contain the boundary: use a new {@link randomBoundary} for each response. RFC
 * 9110, section 14.6; RFC 2046, section 5.1.1.
 */
export function multipartByteRanges(
  ranges: readonly ByteRange[],
  { size, mediaType }: Pick<Representation, 'size' | 'mediaType'>,
  boundary: string,
): MultipartBody {
  const type = mediaType === undefined ? '' : `Content-Type: ${mediaType}\r\n`;
  const segments: BodySegment[] = [];
  let delimiter = `--${boundary}\r\n`;
  for (const range of ranges) {
    const head = `${delimiter}${type}Content-Range: ${contentRange(range, size)}\r\n\r\n`;
    segments.push(Buffer.from(head, 'latin1'), range);
    delimiter = `\r\n--${boundary}\r\n`;
  }
  segments.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'));
  return {
    mediaType: `multipart/byteranges; boundary=${boundary}`,
    length: segments.reduce((sum, segment) => sum + lengthOf(segment), 0),
    segments,
  };
}

/** Returns a boundary of 144 random bits. It cannot be predicted, so no file contains it, not even on purpose. */
export function randomBoundary(): string {
  return randomBytes(18).toString('hex');
}

function lengthOf(segment: BodySegment): number {
  return segment instanceof Uint8Array ? segment.length : rangeLength(segment);
}
