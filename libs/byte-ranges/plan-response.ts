import type { IncomingHttpHeaders } from 'node:http';
import { type ByteRange, rangeLength } from './byte-range.js';
import { contentRange, unsatisfiedContentRange } from './content-range.js';
import { ifRangeHolds } from './if-range.js';
import { type BodySegment, multipartByteRanges, randomBoundary } from './multipart-byteranges.js';
import { evaluatePreconditions } from './preconditions.js';
import { parseRange } from './range.js';
import type { Representation } from './representation.js';

/** The parts of a request that determine which bytes of a file are sent. */
export interface FileRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** The header fields of a plan. Fields that are `undefined` must not be sent. */
export interface PlannedHeaders {
  readonly 'accept-ranges': string | undefined;
  readonly 'content-length': string | undefined;
  readonly 'content-range': string | undefined;
  readonly 'content-type': string | undefined;
  readonly etag: string | undefined;
  readonly 'last-modified': string | undefined;
}

/** The response to a request for a file. */
export interface ResponsePlan {
  /** The requested status, or 206, 304, 412 or 416. */
  readonly statusCode: number;
  readonly headers: PlannedHeaders;
  /** The body, in this order. Empty for a response without a body. */
  readonly body: readonly BodySegment[];
}

/** The options of a response. */
export interface PlanOptions {
  /** The status for the whole file. Preconditions apply to any 2xx, ranges only to 200. @default 200 */
  readonly statusCode?: number | undefined;
  /** The time of the response, in milliseconds since 1970. @default Date.now() */
  readonly now?: number | undefined;
}

/**
 * Determines the status, header fields and body of the response to a request for a file. Evaluates preconditions, then
 * `If-Range`, then `Range`. RFC 9110, sections 13.2.2, 14.2 and 15.3.7.
 */
export function planResponse(
  request: FileRequest,
  representation: Representation,
  { statusCode = 200, now = Date.now() }: PlanOptions = {},
): ResponsePlan {
  const { method, headers } = request;
  const { size, etag, lastModified, mediaType } = representation;

  // An error page is sent regardless of the client's copy; section 13.2.1.
  const succeeds = statusCode >= 200 && statusCode < 300;
  const outcome = succeeds
    ? evaluatePreconditions(method, headers, representation, now)
    : 'proceed';
  if (outcome === 412) return plan(412, { 'content-length': '0' });
  if (outcome === 304) {
    // A date beside an entity tag is of no use to a cache; section 15.4.5.
    return plan(304, etag === undefined ? { 'last-modified': lastModified } : { etag });
  }

  const servesRanges = statusCode === 200 && (method === 'GET' || method === 'HEAD');
  const whole: Partial<PlannedHeaders> = {
    'accept-ranges': servesRanges ? 'bytes' : undefined,
    'content-length': String(size),
    'content-type': mediaType,
    etag,
    'last-modified': lastModified,
  };
  // Ranges are defined only for GET, so HEAD describes the whole file; section 14.2.
  if (method === 'HEAD') return plan(statusCode, whole);

  const ranges = servesRanges ? rangesAsked(headers, representation, now) : undefined;
  if (ranges === undefined) {
    return plan(statusCode, whole, size === 0 ? [] : [{ start: 0, end: size - 1 }]);
  }
  if (ranges === 'unsatisfiable') {
    return plan(416, {
      'accept-ranges': 'bytes',
      'content-length': '0',
      'content-range': unsatisfiedContentRange(size),
    });
  }

  const [range] = ranges;
  if (range !== undefined && ranges.length === 1) {
    const part = {
      'content-length': String(rangeLength(range)),
      'content-range': contentRange(range, size),
    };
    return plan(206, { ...whole, ...part }, ranges);
  }
  const multipart = multipartByteRanges(ranges, representation, randomBoundary());
  const parts = {
    'content-length': String(multipart.length),
    'content-type': multipart.mediaType,
  };
  return plan(206, { ...whole, ...parts }, multipart.segments);
}

function rangesAsked(
  headers: IncomingHttpHeaders,
  representation: Representation,
  now: number,
): readonly ByteRange[] | 'unsatisfiable' | undefined {
  const { range, 'if-range': ifRange } = headers;
  if (range === undefined) return undefined;
  if (ifRange !== undefined && !ifRangeHolds(String(ifRange), representation, now)) {
    return undefined;
  }
  return parseRange(range, representation.size);
}

function plan(
  statusCode: number,
  headers: Partial<PlannedHeaders>,
  body: readonly BodySegment[] = [],
): ResponsePlan {
  return {
    statusCode,
    headers: {
      'accept-ranges': headers['accept-ranges'],
      'content-length': headers['content-length'],
      'content-range': headers['content-range'],
      'content-type': headers['content-type'],
      etag: headers.etag,
      'last-modified': headers['last-modified'],
    },
    body,
  };
}
