import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEntityTags } from './entity-tag.js';
import { lastModified, strongETag } from './file-validators.js';
import { parseHTTPDate } from './http-date.js';

const MTIME_NS = 1_767_225_600_123_456_789n;
const NOW = Date.UTC(2026, 5, 15);

describe('strongETag', () => {
  it('is size and modification time in hexadecimal', () => {
    expect(strongETag({ size: 255n, mtimeNs: MTIME_NS })).toBe('"ff-18867251f555cd15"');
  });

  it('differs between two writes within one millisecond', () => {
    const first = strongETag({ size: 1n, mtimeNs: MTIME_NS });
    expect(strongETag({ size: 1n, mtimeNs: MTIME_NS + 1n })).not.toBe(first);
  });

  it('is a strong entity tag of this version and of no other', () => {
    const version = fc.record({
      size: fc.bigInt({ min: 0n, max: 2n ** 53n }),
      mtimeNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
    });
    fc.assert(
      fc.property(version, version, (one, other) => {
        const etag = strongETag(one);
        expect(parseEntityTags(etag)).toEqual([etag]);
        expect(etag.startsWith('"')).toBe(true);
        const same = one.size === other.size && one.mtimeNs === other.mtimeNs;
        expect(strongETag(other) === etag).toBe(same);
      }),
    );
  });
});

describe('lastModified', () => {
  it('is the second of the modification as an IMF-fixdate', () => {
    expect(lastModified({ mtimeNs: MTIME_NS }, NOW)).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  });

  it('is the present where the file says it was modified in the future', () => {
    expect(lastModified({ mtimeNs: 2n * MTIME_NS }, NOW)).toBe('Mon, 15 Jun 2026 00:00:00 GMT');
  });

  it('is a date for any time that a file can have', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (mtimeNs) => {
        const time = parseHTTPDate(lastModified({ mtimeNs }, NOW), NOW);
        expect(time).toBeLessThanOrEqual(NOW);
      }),
    );
  });
});
