import type { ByteRange } from './byte-range.js';

/**
 * Merges ranges that overlap or touch. Each result is at the position of the first range that it includes. Returns
 * `undefined` for more than `limit` results. Takes n log n steps for n ranges. RFC 9110, section 15.3.7.2.
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
