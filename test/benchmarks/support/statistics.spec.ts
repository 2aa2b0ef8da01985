import { describe, expect, it } from 'vitest';
import { quantile } from './statistics.js';

describe('quantile', () => {
  it.each([
    { values: [3, 1, 2], share: 0.5, expected: 2 },
    { values: [1, 2], share: 0.5, expected: 1.5 },
    { values: [1, 2, 3, 4, 5], share: 0.25, expected: 2 },
    { values: [1, 2, 3, 4], share: 0.25, expected: 1.75 },
    { values: [7], share: 0.25, expected: 7 },
    { values: [], share: 0.5, expected: NaN },
  ])('gives $expected for $share of $values', ({ values, share, expected }) => {
    expect(quantile(values, share)).toBe(expected);
  });
});
