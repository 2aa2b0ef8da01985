import { expect, it } from 'vitest';
import type { ByteRange } from './byte-range.js';
import { mergeRanges } from './merge-ranges.js';

/** The ranges of a text such as `0-3 5-9`. */
function ranges(text: string): ByteRange[] {
  return [...text.matchAll(/(\d+)-(\d+)/g)].map(([, start, end]) => ({
    start: Number(start),
    end: Number(end),
  }));
}

it.each([
  ['nothing', '', ''],
  ['one as it is', '3-4', '3-4'],
  ['a gap of one byte as two', '0-3 5-9', '0-3 5-9'],
  ['touching ones as one', '0-3 4-9', '0-9'],
  ['touching ones in disorder as one', '4-9 0-3', '0-9'],
  ['overlapping ones as one', '0-5 3-9', '0-9'],
  ['one inside of another as the other', '0-9 2-3', '0-9'],
  ['each at the place of its first, also of one inside', '5-6 20-21 0-9', '0-9 20-21'],
  ['a chain as one', '8-9 0-1 4-5 2-3 6-7', '0-9'],
])('mergeRanges returns %s: %j becomes %j', (_, given, merged) => {
  expect(mergeRanges(ranges(given), 2)).toEqual(ranges(merged));
});

it('mergeRanges returns undefined above the limit of merged ranges', () => {
  expect(mergeRanges(ranges('0-0 2-2 4-4'), 3)).toEqual(ranges('0-0 2-2 4-4'));
  expect(mergeRanges(ranges('0-0 2-2 4-4'), 2)).toBeUndefined();
  expect(mergeRanges(ranges('0-0 2-2 4-4 1-3'), 2)).toEqual(ranges('0-4'));
});

it('mergeRanges does not change its input', () => {
  const given = Object.freeze(ranges('5-9 0-6').map((range) => Object.freeze(range)));
  expect(mergeRanges(given, 1)).toEqual(ranges('0-9'));
});
