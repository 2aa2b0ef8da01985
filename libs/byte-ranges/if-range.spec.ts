import { describe, expect, it } from 'vitest';
import { ifRangeHolds } from './if-range.js';

const MODIFIED = 'Thu, 01 Jan 2026 00:00:00 GMT';
const MODIFIED_AT = Date.parse(MODIFIED);
const NOW = Date.UTC(2026, 5, 15);
const STRONG = { etag: '"a"', lastModified: MODIFIED };
const WEAK = { etag: 'W/"a"', lastModified: MODIFIED };

describe('ifRangeHolds', () => {
  it.each([
    ['"a"', STRONG, true],
    ['"b"', STRONG, false],
    ['W/"a"', STRONG, false],
    ['"a"', WEAK, false],
    ['W/"a"', WEAK, false],
    ['"a"', { lastModified: MODIFIED }, false],
    ['"b", "a"', STRONG, false],
    ['*', STRONG, false],
    ['a', { etag: 'a' }, false],
    ['', STRONG, false],
    [MODIFIED, STRONG, true],
    [MODIFIED, WEAK, true],
    [MODIFIED, { lastModified: MODIFIED }, true],
    [MODIFIED, { etag: '"a"' }, false],
    ['Thursday, 01-Jan-26 00:00:00 GMT', STRONG, true],
    ['Thu Jan  1 00:00:00 2026', STRONG, true],
    ['Wed, 31 Dec 2025 23:59:59 GMT', STRONG, false],
    ['Thu, 01 Jan 2026 00:00:01 GMT', STRONG, false],
    ['yesterday', { lastModified: 'yesterday' }, false],
  ])('%j against %j: %s', (field, validators, holds) => {
    expect(ifRangeHolds(field, validators, NOW)).toBe(holds);
  });

  it.each([
    ['before it', -1, false],
    ['at its start', 0, false],
    ['at its end', 999, false],
    ['once it is over', 1000, true],
  ])('trusts a date only after its second has passed: asked %s', (_, after, holds) => {
    expect(ifRangeHolds(MODIFIED, STRONG, MODIFIED_AT + after)).toBe(holds);
  });
});
