import type { IncomingHttpHeaders } from 'node:http';
import { matchesStrongly, matchesWeakly, parseEntityTags } from './entity-tag.js';
import { parseHTTPDate } from './http-date.js';
import type { Validators } from './representation.js';

/** The outcome of preconditions: proceed, or send this status without a body. */
export type PreconditionOutcome = 'proceed' | 304 | 412;

/**
 * Evaluates `If-Match`, `If-Unmodified-Since`, `If-None-Match` and `If-Modified-Since` against the current
 * representation, in the order of RFC 9110, section 13.2.2. Ignores invalid dates, and dates if there is no
 * `Last-Modified`. A malformed list of entity tags matches nothing (sections 13.1.1 and 13.1.2). `now` is in
 * milliseconds since 1970.
 */
export function evaluatePreconditions(
  method: string,
  headers: IncomingHttpHeaders,
  { etag, lastModified }: Validators,
  now: number,
): PreconditionOutcome {
  // Methods that neither select nor modify a representation; section 13.2.1.
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

/** Returns `undefined` if one of the dates is missing or invalid. */
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
