import { matchesStrongly } from './entity-tag.js';
import { parseHTTPDate } from './http-date.js';
import type { Validators } from './representation.js';

/**
 * Whether an `If-Range` field names the current representation, so that a part of it fits what the
 * client has: the same strong entity tag, or exactly the date of `Last-Modified` once that second
 * is over. `now` is in milliseconds since 1970. RFC 9110, sections 13.1.5 and 8.8.2.2.
 */
export function ifRangeHolds(
  field: string,
  { etag, lastModified }: Validators,
  now: number,
): boolean {
  if (field.startsWith('"')) return etag !== undefined && matchesStrongly(field, etag);
  const date = parseHTTPDate(field, now);
  if (date === undefined || lastModified === undefined) return false;
  // A file that is written twice within one second keeps its date, so a date proves nothing while
  // it can still happen. Of a second that is over the client knows: it may send only a date that
  // was already past when it got its copy.
  return date === parseHTTPDate(lastModified, now) && date + 1000 <= now;
}
