import type { ByteRange } from './byte-range.js';
import { mergeRanges } from './merge-ranges.js';

/**
 * The maximum number of parts. For more, the whole file is cheaper for server and client, and an attacker gains
 * nothing.
 */
const MAX_RANGES = 100;

/**
 * Parses a `Range` field for a file of `size` bytes. Returns the ranges within the file, in the order of the field,
 * merged if they overlap or touch, at most 100. Returns `'unsatisfiable'` if none is in the file. Returns `undefined`
 * if the field must be ignored: it is malformed, has a unit other than bytes, or has more than 100 ranges after
 * merging. RFC 9110, sections 14.1 and 14.2.
 */
export function parseRange(
  field: string,
  size: number,
): readonly ByteRange[] | 'unsatisfiable' | undefined {
  const unit = 'bytes=';
  if (field.slice(0, unit.length).toLowerCase() !== unit) return undefined;

  let asked = 0;
  const satisfiable: ByteRange[] = [];
  for (const element of field.slice(unit.length).split(',')) {
    const match = /^[ \t]*(?:(\d*)-(\d*)[ \t]*)?$/.exec(element);
    if (match === null) return undefined;
    const [, first, last] = match;
    if (first === undefined || last === undefined) continue;
    if (first === '' ? last === '' : last !== '' && exceeds(first, last)) return undefined;
    asked += 1;
    const range = first === '' ? suffix(last, size) : interval(first, last, size);
    if (range !== undefined) satisfiable.push(range);
  }

  if (asked === 0) return undefined;
  if (satisfiable.length === 0) return 'unsatisfiable';
  // The last 5 bytes of an empty file are the whole file (section 14.1.2), but Content-Range cannot express this: it
  // needs a first and a last byte.
  if (size === 0) return undefined;
  return mergeRanges(satisfiable, MAX_RANGES);
}

function suffix(digits: string, size: number): ByteRange | undefined {
  const length = Number(digits);
  return length === 0 ? undefined : { start: Math.max(size - length, 0), end: size - 1 };
}

function interval(first: string, last: string, size: number): ByteRange | undefined {
  // Numbers beyond 2^53 lose their last digits here, but never become smaller than a size.
  const start = Number(first);
  if (start >= size) return undefined;
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/** Compares text, because 9007199254740993 and 9007199254740992 are equal as numbers. */
function exceeds(digits: string, other: string): boolean {
  const [a, b] = [significant(digits), significant(other)];
  return a.length === b.length ? a > b : a.length > b.length;
}

function significant(digits: string): string {
  return digits.replace(/^0+/, '');
}
