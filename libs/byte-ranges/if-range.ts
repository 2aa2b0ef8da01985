import { matchesStrongly } from './entity-tag.js';
import { parseHTTPDate } from './http-date.js';
import type { Validators } from './representation.js';

/**
 * True if an `If-Range` field names the current representation, so that a range fits the client's copy: the same strong
 * entity tag, or exactly the date of `Last-Modified` if that second has passed. `now` is in milliseconds since 1970.
 * RFC 9110, sections 13.1.5 and 8.8.2.2.
 */
export function ifRangeHolds(
  field: string,
  { etag, lastModified }: Validators,
  now: number,
): boolean {
  if (field.startsWith('"')) return etag !== undefined && matchesStrongly(field, etag);
  const date = parseHTTPDate(field, now);
  if (date === undefined || lastModified === undefined) return false;
  // A file that is written twice within a second keeps its date, so the date is unreliable until that second has
  // passed. Clients may only send a date that was in the past when they received their copy.
  return date === parseHTTPDate(lastModified, now) && date + 1000 <= now;
}
