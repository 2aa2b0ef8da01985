import type { IncomingHttpHeaders } from 'node:http';
import { parseMultipart } from '@remix-run/multipart-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanOptions, planResponse, type ResponsePlan } from './plan-response.js';
import type { Representation } from './representation.js';

const FILE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const MODIFIED = 'Thu, 01 Jan 2026 00:00:00 GMT';
const NOW = Date.UTC(2026, 5, 15);
const FULL: Representation = {
  size: FILE.length,
  etag: '"a"',
  lastModified: MODIFIED,
  mediaType: 'video/mp4',
};
const WHOLE = {
  'accept-ranges': 'bytes',
  'content-length': '256',
  'content-type': 'video/mp4',
  etag: '"a"',
  'last-modified': MODIFIED,
};

function get(headers: IncomingHttpHeaders, representation = FULL): ResponsePlan {
  return planResponse({ method: 'GET', headers }, representation, { now: NOW });
}

/** The body as a client receives it. */
function write({ body }: ResponsePlan): Buffer {
  return Buffer.concat(
    body.map((segment) =>
      segment instanceof Uint8Array ? segment : FILE.subarray(segment.start, segment.end + 1),
    ),
  );
}

/** The parts that a MIME parser finds in a multipart body. */
function partsOf(
  plan: ResponsePlan,
): { type: string | undefined; range: string | undefined; body: Buffer }[] {
  const [, boundary = ''] = plan.headers['content-type']?.split('boundary=') ?? [];
  return [...parseMultipart(write(plan), { boundary })].map(({ headers, bytes }) => ({
    type: headers['content-type'],
    range: headers['content-range'],
    body: Buffer.from(bytes),
  }));
}

describe('a whole file', () => {
  it('is sent with all known headers', () => {
    expect(get({})).toEqual({ statusCode: 200, headers: WHOLE, body: [{ start: 0, end: 255 }] });
  });

  it('is sent without unknown headers', () => {
    expect(get({}, { size: 256 })).toEqual({
      statusCode: 200,
      headers: { 'accept-ranges': 'bytes', 'content-length': '256' },
      body: [{ start: 0, end: 255 }],
    });
  });

  it('has no segments if it is empty', () => {
    expect(get({}, { size: 0 })).toEqual({
      statusCode: 200,
      headers: { 'accept-ranges': 'bytes', 'content-length': '0' },
      body: [],
    });
  });

  it.each([
    ['malformed', 'bytes=9-0'],
    ['of another unit', 'items=0-9'],
    [
      'of too many ranges',
      `bytes=${Array.from({ length: 101 }, (_, i) => `${2 * i}-${2 * i}`).join()}`,
    ],
  ])('is sent if the ranges are %s', (_, range) => {
    expect(get({ range })).toEqual(get({}));
  });

  it.each([
    ['an entity tag that does not match', '"b"'],
    ['a weak entity tag', 'W/"a"'],
    ['an older date', 'Wed, 31 Dec 2025 23:59:59 GMT'],
    ['a later date', 'Thu, 01 Jan 2026 00:00:01 GMT'],
    ['garbage', 'a'],
  ])('is sent where If-Range is %s', (_, ifRange) => {
    expect(get({ range: 'bytes=0-9', 'if-range': ifRange })).toEqual(get({}));
    expect(get({ range: 'bytes=256-', 'if-range': ifRange })).toEqual(get({}));
  });
});

describe('one range', () => {
  it.each([
    ['bytes=0-9', 'bytes 0-9/256', '10', { start: 0, end: 9 }],
    ['bytes=0-', 'bytes 0-255/256', '256', { start: 0, end: 255 }],
    ['bytes=-6', 'bytes 250-255/256', '6', { start: 250, end: 255 }],
    ['bytes=0-9,10-19', 'bytes 0-19/256', '20', { start: 0, end: 19 }],
    ['bytes=300-,5-5', 'bytes 5-5/256', '1', { start: 5, end: 5 }],
  ])('%s is sent as a part of the file', (range, contentRange, contentLength, part) => {
    expect(get({ range })).toEqual({
      statusCode: 206,
      headers: { ...WHOLE, 'content-length': contentLength, 'content-range': contentRange },
      body: [part],
    });
  });

  it.each(['"a"', MODIFIED])('is sent where If-Range is %s', (ifRange) => {
    expect(get({ range: 'bytes=0-9', 'if-range': ifRange })).toEqual(get({ range: 'bytes=0-9' }));
  });
});

describe('several ranges', () => {
  it('are parts of a multipart body of the announced length', () => {
    const plan = get({ range: 'bytes=200-201,0-3,300-' });
    expect(plan.statusCode).toBe(206);
    expect(plan.headers).toEqual({
      ...WHOLE,
      'content-length': String(write(plan).length),
      'content-type': expect.stringMatching(/^multipart\/byteranges; boundary=[0-9a-f]{36}$/),
    });
    expect(partsOf(plan)).toEqual([
      { type: 'video/mp4', range: 'bytes 200-201/256', body: FILE.subarray(200, 202) },
      { type: 'video/mp4', range: 'bytes 0-3/256', body: FILE.subarray(0, 4) },
    ]);
  });

  it('have parts without a type if the type is unknown', () => {
    const plan = get({ range: 'bytes=0-0,2-2' }, { size: 256 });
    expect(partsOf(plan).map(({ type }) => type)).toEqual([undefined, undefined]);
  });

  it('have a boundary of their own in each response', () => {
    const [one, other] = [get({ range: 'bytes=0-0,2-2' }), get({ range: 'bytes=0-0,2-2' })];
    expect(one.headers['content-type']).not.toBe(other.headers['content-type']);
  });
});

describe('no body', () => {
  it.each<[string, IncomingHttpHeaders]>([
    ['If-None-Match', { 'if-none-match': '"a"' }],
    ['If-Modified-Since', { 'if-modified-since': MODIFIED }],
    ['If-None-Match before Range', { 'if-none-match': '"a"', range: 'bytes=0-9' }],
    ['If-None-Match before an unsatisfiable Range', { 'if-none-match': '*', range: 'bytes=256-' }],
  ])('is sent with 304 and the entity tag by %s', (_, headers) => {
    expect(get(headers)).toEqual({ statusCode: 304, headers: { etag: '"a"' }, body: [] });
  });

  it('is sent with 304 and the date if there is no entity tag', () => {
    const headers = { 'if-modified-since': MODIFIED };
    expect(get(headers, { size: 256, lastModified: MODIFIED })).toEqual({
      statusCode: 304,
      headers: { 'last-modified': MODIFIED },
      body: [],
    });
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['If-Match', { 'if-match': '"b"' }],
    ['If-Unmodified-Since', { 'if-unmodified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' }],
    ['If-Match before If-None-Match', { 'if-match': '"b"', 'if-none-match': '"a"' }],
    ['If-Match before Range', { 'if-match': '"b"', range: 'bytes=0-9' }],
  ])('is sent with 412 by %s', (_, headers) => {
    expect(get(headers)).toEqual({
      statusCode: 412,
      headers: { 'content-length': '0' },
      body: [],
    });
  });

  it.each([
    ['bytes=256-', FULL, 'bytes */256'],
    ['bytes=-0', FULL, 'bytes */256'],
    ['bytes=0-', { size: 0 }, 'bytes */0'],
  ])('is sent with 416 for %s of %j', (range, representation, contentRange) => {
    expect(get({ range }, representation)).toEqual({
      statusCode: 416,
      headers: { 'accept-ranges': 'bytes', 'content-length': '0', 'content-range': contentRange },
      body: [],
    });
  });

  it.each(['bytes=0-9', 'bytes=256-', 'bytes=0-0,2-2'])(
    'is sent to HEAD, with the headers of the whole file despite Range: %s',
    (range) => {
      const plan = planResponse({ method: 'HEAD', headers: { range } }, FULL, { now: NOW });
      expect(plan).toEqual({ statusCode: 200, headers: WHOLE, body: [] });
    },
  );
});

describe('other methods and statuses', () => {
  const ALL = { ...WHOLE, 'accept-ranges': undefined };

  it.each<[string, string, PlanOptions, IncomingHttpHeaders]>([
    ['POST', 'POST', {}, { range: 'bytes=0-9' }],
    ['201', 'GET', { statusCode: 201 }, { range: 'bytes=0-9' }],
    ['404', 'GET', { statusCode: 404 }, { range: 'bytes=0-9' }],
    ['404', 'GET', { statusCode: 404 }, { 'if-none-match': '"a"' }],
    ['404', 'GET', { statusCode: 404 }, { 'if-match': '"b"' }],
  ])('send the whole file with %s', (_, method, options, headers) => {
    const plan = planResponse({ method, headers }, FULL, { now: NOW, ...options });
    expect(plan).toEqual({
      statusCode: options.statusCode ?? 200,
      headers: ALL,
      body: [{ start: 0, end: 255 }],
    });
  });

  it.each([
    ['POST', 200, 412],
    ['GET', 203, 304],
  ])('apply preconditions: If-None-Match of %s with %s is %s', (method, statusCode, status) => {
    const headers = { 'if-none-match': '"a"' };
    const plan = planResponse({ method, headers }, FULL, { now: NOW, statusCode });
    expect(plan.statusCode).toBe(status);
  });
});

it('uses the current time by default', () => {
  const lastModified = new Date(Date.now() + 3_600_000).toUTCString();
  const headers = { range: 'bytes=0-9', 'if-range': lastModified };
  const plan = planResponse({ method: 'GET', headers }, { size: 256, lastModified });
  expect(plan.statusCode).toBe(200);
});

it('writes as many bytes as it announces, with a valid status, for any request', () => {
  const text = fc.option(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^bytes=[0-9]{1,3}-[0-9]{0,3}(,[0-9]{0,3}-[0-9]{1,3}){0,3}$/),
      fc.constantFrom('"a"', 'W/"a"', '*', MODIFIED),
    ),
    { nil: undefined },
  );
  const headers = fc.record({
    'if-match': text,
    'if-none-match': text,
    'if-modified-since': text,
    'if-unmodified-since': text,
    'if-range': fc.oneof(text, fc.array(fc.string())),
    range: text,
  });
  fc.assert(
    fc.property(fc.constantFrom('GET', 'POST', 'DELETE'), headers, (method, fields) => {
      const plan = planResponse({ method, headers: fields }, FULL, { now: NOW });
      expect([200, 206, 304, 412, 416]).toContain(plan.statusCode);
      expect(write(plan).length).toBe(Number(plan.headers['content-length'] ?? 0));
    }),
    { numRuns: 1000 },
  );
});
