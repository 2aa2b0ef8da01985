import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEntityTags } from './entity-tag.js';
import { lastModified, strongETag } from './file-validators.js';
import { parseHTTPDate } from './http-date.js';

const MTIME_NS = 1_767_225_600_123_456_789n;
const NOW = Date.UTC(2026, 5, 15);

const VERSION = { size: 255n, mtimeNs: MTIME_NS, ino: 16n };

describe('strongETag', () => {
  it('consists of size, modification time and inode in hexadecimal', () => {
    expect(strongETag(VERSION)).toBe('"ff-18867251f555cd15-10"');
  });

  it('differs for each content coding', () => {
    expect(strongETag(VERSION, 'br')).toBe('"ff-18867251f555cd15-10-br"');
  });

  it('differs between two writes within one millisecond', () => {
    expect(strongETag({ ...VERSION, mtimeNs: MTIME_NS + 1n })).not.toBe(strongETag(VERSION));
  });

  it('is a strong entity tag of this version and of no other', () => {
    const version = fc.record({
      size: fc.bigInt({ min: 0n, max: 2n ** 53n }),
      mtimeNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
      ino: fc.bigInt({ min: 0n, max: 2n ** 64n }),
    });
    fc.assert(
      fc.property(version, version, (one, other) => {
        const etag = strongETag(one);
        expect(parseEntityTags(etag)).toEqual([etag]);
        expect(etag.startsWith('"')).toBe(true);
        const same =
          one.size === other.size && one.mtimeNs === other.mtimeNs && one.ino === other.ino;
        expect(strongETag(other) === etag).toBe(same);
      }),
    );
  });
});

describe('lastModified', () => {
  const MODIFIED = Date.UTC(2026, 0, 1, 0, 0, 0, 123);

  it('is the second of the modification as an IMF-fixdate', () => {
    expect(lastModified(MODIFIED, NOW)).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  });

  it('is the present if the file was modified in the future', () => {
    expect(lastModified(2 * MODIFIED, NOW)).toBe('Mon, 15 Jun 2026 00:00:00 GMT');
  });

  it('is a date for any time that a file system can hold', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (mtimeNs) => {
        const time = parseHTTPDate(lastModified(Number(mtimeNs / 1_000_000n), NOW), NOW);
        expect(time).toBeLessThanOrEqual(NOW);
      }),
    );
  });
});
