import type { ByteRange } from './byte-range.js';

/**
 * The same bytes in ranges that neither overlap nor touch, each at the place of the first one that
 * went into it; `undefined` where that takes more than `limit` ranges. Takes n log n steps for n
 * ranges. RFC 9110, section 15.3.7.2.
 */
export function mergeRanges(
  ranges: readonly ByteRange[],
  limit: number,
): readonly ByteRange[] | undefined {
  const sorted = ranges
    .map(({ start, end }, place) => ({ start, end, place }))
    .sort((a, b) => a.start - b.start);
  const merged: typeof sorted = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end + 1) {
      last.end = Math.max(last.end, range.end);
      last.place = Math.min(last.place, range.place);
    } else if (merged.push(range) > limit) {
      return undefined;
    }
  }
  return merged.sort((a, b) => a.place - b.place).map(({ start, end }) => ({ start, end }));
}
