import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMultipleOf } from './multiple-of.js';

describe('isMultipleOf()', () => {
  it.each([
    [143.48, 0.01, true],
    [19.99, 0.01, true],
    [8.69, 0.01, true],
    [-8.69, 0.01, true],
    [123456789.12, 0.01, true],
    [0.3, 0.1, true],
    [1e-7, 1e-7, true],
    [3e-7, 1e-7, true],
    [2.5, 0.25, true],
    [0, 0.01, true],
    [1e300, 0.01, true],
    [15, 5, true],
    [3000, 1e3, true],
    [8.695, 0.01, false],
    [0.30000000000000004, 0.1, false],
    [2.6, 0.25, false],
    [7, 5, false],
    [1.5, 1, false],
  ])('returns for %d and %d: %s', (value, factor, expected) => {
    expect(isMultipleOf(value, factor)).toBe(expected);
  });

  it('returns true for every price and a cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        expect(isMultipleOf(cents / 100, 0.01)).toBe(true);
      }),
    );
  });

  it('returns false for a tenth of a cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (cents) => {
        expect(isMultipleOf((cents * 10 + 1) / 1000, 0.01)).toBe(false);
      }),
    );
  });
});
