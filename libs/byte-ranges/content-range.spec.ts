import { expect, it } from 'vitest';
import { contentRange, unsatisfiedContentRange } from './content-range.js';

it.each([
  [{ start: 0, end: 0 }, 1, 'bytes 0-0/1'],
  [{ start: 2, end: 9 }, 100, 'bytes 2-9/100'],
  [
    { start: 0, end: 9007199254740990 },
    9007199254740991,
    'bytes 0-9007199254740990/9007199254740991',
  ],
])('contentRange of %j of %s bytes is %j', (range, size, field) => {
  expect(contentRange(range, size)).toBe(field);
});

it.each([
  [0, 'bytes */0'],
  [100, 'bytes */100'],
])('unsatisfiedContentRange of %s bytes is %j', (size, field) => {
  expect(unsatisfiedContentRange(size)).toBe(field);
});
