import { parseEntityTags } from '../../../libs/byte-ranges/index.js';

/** Returns a `Cache-Control` field. Source: RFC 9111, section 5.2.2; RFC 8246. */
export function cacheControl(maxAge: number | undefined, immutable: boolean): string {
  if (maxAge === undefined) {
    throw new TypeError(
      'An "immutable" file requires a "maxAge", the time for which clients keep it. Set both.',
    );
  }
  if (!Number.isSafeInteger(maxAge) || maxAge < 0) {
    throw new RangeError(
      `The "maxAge" of a file must be a non-negative integer, in seconds, got ${maxAge}.`,
    );
  }
  return `public, max-age=${maxAge}${immutable ? ', immutable' : ''}`;
}

/** Returns an entity tag as given, or throws a `TypeError`. Source: RFC 9110, section 8.8.3. */
export function entityTag(etag: string): string {
  const tags = typeof etag === 'string' ? parseEntityTags(etag) : undefined;
  if (!Array.isArray(tags) || tags.length !== 1 || tags[0] !== etag) {
    throw new TypeError(
      `The "etag" of a file must be an entity tag in double quotes, e.g. '"v1"' or 'W/"v1"', got ${JSON.stringify(etag)}.`,
    );
  }
  return etag;
}

/** Returns milliseconds since 1970, or throws a `TypeError` for an invalid time. */
export function timestamp(time: Date | number): number {
  // Converts through a date, to detect numbers that a date cannot represent.
  const milliseconds = new Date(time).getTime();
  if (!(time instanceof Date || typeof time === 'number') || Number.isNaN(milliseconds)) {
    throw new TypeError(
      `The "lastModified" of a file must be a valid Date or milliseconds since 1970, got ${String(time)}.`,
    );
  }
  return milliseconds;
}
