import { parseMultipart } from '@remix-run/multipart-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteRange } from './byte-range.js';
import { type BodySegment, multipartByteRanges, randomBoundary } from './multipart-byteranges.js';

/** The body as a client receives it. */
function write(segments: readonly BodySegment[], file: Uint8Array): Buffer {
  return Buffer.concat(
    segments.map((segment) =>
      segment instanceof Uint8Array ? segment : file.subarray(segment.start, segment.end + 1),
    ),
  );
}

describe('multipartByteRanges', () => {
  const FILE = Buffer.from('0123456789abcdefghij');
  const RANGES = [
    { start: 10, end: 12 },
    { start: 0, end: 0 },
  ];

  it('frames each range with its type and position', () => {
    const size = FILE.length;
    const body = multipartByteRanges(RANGES, { size, mediaType: 'text/plain' }, 'limit');
    expect(body.mediaType).toBe('multipart/byteranges; boundary=limit');
    expect(write(body.segments, FILE).toString()).toBe(
      [
        '--limit',
        'Content-Type: text/plain',
        'Content-Range: bytes 10-12/20',
        '',
        'abc',
        '--limit',
        'Content-Type: text/plain',
        'Content-Range: bytes 0-0/20',
        '',
        '0',
        '--limit--',
        '',
      ].join('\r\n'),
    );
  });

  it('omits the type if it is unknown', () => {
    const body = multipartByteRanges(RANGES, { size: FILE.length }, 'limit');
    expect(write(body.segments, FILE).toString()).toBe(
      [
        '--limit',
        'Content-Range: bytes 10-12/20',
        '',
        'abc',
        '--limit',
        'Content-Range: bytes 0-0/20',
        '',
        '0',
        '--limit--',
        '',
      ].join('\r\n'),
    );
  });

  it('writes a type like the head of a response, one byte per character', () => {
    const { segments } = multipartByteRanges(
      RANGES,
      { size: 20, mediaType: 'a/b; c="\u00e9"' },
      'x',
    );
    expect(write(segments, FILE).toString('latin1')).toContain('Content-Type: a/b; c="\u00e9"\r\n');
  });

  it('counts the bytes of a file of any size without reading it', () => {
    const size = Number.MAX_SAFE_INTEGER;
    const half = { start: 0, end: size / 2 - 0.5 };
    const { length, segments } = multipartByteRanges([half], { size }, 'limit');
    const framing = segments.filter((segment) => segment instanceof Uint8Array);
    expect(length).toBe(half.end + 1 + Buffer.concat(framing).length);
  });

  it('is split into the ranges by a MIME parser, and has the announced length', () => {
    const file = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const mediaType = fc.constantFrom(undefined, 'text/plain; charset=utf-8', 'a/b; c="d, e"');
    const asked = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(file, mediaType, asked, (bytes, type, pairs) => {
        const size = bytes.length;
        const ranges: ByteRange[] = pairs.map(([a, b]) => ({
          start: Math.min(a % size, b % size),
          end: Math.max(a % size, b % size),
        }));
        const boundary = randomBoundary();
        const body = multipartByteRanges(ranges, { size, mediaType: type }, boundary);
        const written = write(body.segments, bytes);
        expect(written.length).toBe(body.length);

        const parts = [...parseMultipart(written, { boundary })];
        expect(
          parts.map((part) => ({
            type: part.headers['content-type'],
            range: part.headers['content-range'],
            bytes: Buffer.from(part.bytes).toString('hex'),
          })),
        ).toEqual(
          ranges.map(({ start, end }) => ({
            type,
            range: `bytes ${start}-${end}/${size}`,
            bytes: Buffer.from(bytes.subarray(start, end + 1)).toString('hex'),
          })),
        );
      }),
    );
  });
});

describe('randomBoundary', () => {
  it('is a token of 36 characters that fits any parser and is never the same', () => {
    const boundaries = new Set(Array.from({ length: 1000 }, randomBoundary));
    expect(boundaries.size).toBe(1000);
    for (const boundary of boundaries) expect(boundary).toMatch(/^[0-9a-f]{36}$/);
  });
});
