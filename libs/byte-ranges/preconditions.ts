import type { IncomingHttpHeaders } from 'node:http';
import { matchesStrongly, matchesWeakly, parseEntityTags } from './entity-tag.js';
import { parseHTTPDate } from './http-date.js';
import type { Validators } from './representation.js';

/** What preconditions decide: go on, or answer with this status and without a body. */
export type PreconditionOutcome = 'proceed' | 304 | 412;

/**
 * Evaluates `If-Match`, `If-Unmodified-Since`, `If-None-Match` and `If-Modified-Since` against the
 * current representation, in the order of RFC 9110, section 13.2.2. Dates that are invalid, or
 * without a `Last-Modified` to compare, are ignored; a list of entity tags that is malformed
 * matches nothing (sections 13.1.1 and 13.1.2). `now` is in milliseconds since 1970.
 */
export function evaluatePreconditions(
  method: string,
  headers: IncomingHttpHeaders,
  { etag, lastModified }: Validators,
  now: number,
): PreconditionOutcome {
  // A method that neither selects nor modifies a representation; section 13.2.1.
  if (method === 'CONNECT' || method === 'OPTIONS' || method === 'TRACE') return 'proceed';
  const reads = method === 'GET' || method === 'HEAD';

  if (headers['if-match'] !== undefined) {
    if (!lists(headers['if-match'], etag, matchesStrongly)) return 412;
  } else if (isModifiedSince(headers['if-unmodified-since'], lastModified, now) === true) {
    return 412;
  }

  if (headers['if-none-match'] !== undefined) {
    if (lists(headers['if-none-match'], etag, matchesWeakly)) return reads ? 304 : 412;
  } else if (reads && isModifiedSince(headers['if-modified-since'], lastModified, now) === false) {
    return 304;
  }

  return 'proceed';
}

function lists(
  field: string,
  etag: string | undefined,
  matches: (tag: string, other: string) => boolean,
): boolean {
  const tags = parseEntityTags(field);
  if (tags === '*') return true;
  return etag !== undefined && tags !== undefined && tags.some((tag) => matches(tag, etag));
}

/** `undefined` where one of the two is missing or no valid date. */
function isModifiedSince(
  field: string | undefined,
  lastModified: string | undefined,
  now: number,
): boolean | undefined {
  if (field === undefined || lastModified === undefined) return undefined;
  const since = parseHTTPDate(field, now);
  const modified = parseHTTPDate(lastModified, now);
  return since === undefined || modified === undefined ? undefined : modified > since;
}
