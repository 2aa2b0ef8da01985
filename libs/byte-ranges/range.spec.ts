import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteRange } from './byte-range.js';
import { parseRange } from './range.js';

/** Pairs of first and last position. */
function ranges(...pairs: [number, number][]): ByteRange[] {
  return pairs.map(([start, end]) => ({ start, end }));
}

describe('parseRange', () => {
  it.each<[string, string, ByteRange[]]>([
    ['first and last byte', 'bytes=0-9', ranges([0, 9])],
    ['one byte', 'bytes=7-7', ranges([7, 7])],
    ['the whole file', 'bytes=0-99', ranges([0, 99])],
    ['from a byte on', 'bytes=40-', ranges([40, 99])],
    ['everything from the start on', 'bytes=0-', ranges([0, 99])],
    ['the last byte', 'bytes=99-', ranges([99, 99])],
    ['a suffix', 'bytes=-10', ranges([90, 99])],
    ['a suffix as long as the file', 'bytes=-100', ranges([0, 99])],
    ['a suffix longer than the file', 'bytes=-101', ranges([0, 99])],
    ['a last byte past the end', 'bytes=90-100', ranges([90, 99])],
    ['leading zeros', 'bytes=0007-00008', ranges([7, 8])],
    ['a last byte beyond 2^53', 'bytes=90-9007199254740993', ranges([90, 99])],
    ['a last byte of 400 digits', `bytes=90-${'9'.repeat(400)}`, ranges([90, 99])],
    ['a suffix of 400 digits', `bytes=-${'9'.repeat(400)}`, ranges([0, 99])],
    ['the unit in capitals', 'BYTES=0-9', ranges([0, 9])],
    ['the unit in mixed case', 'Bytes=0-9', ranges([0, 9])],
    ['white space around elements', 'bytes= 0-1\t, \t4-5 ', ranges([0, 1], [4, 5])],
    ['empty elements', 'bytes=,0-1,, ,4-5,', ranges([0, 1], [4, 5])],
    ['several in order', 'bytes=0-1,10-11,20-21', ranges([0, 1], [10, 11], [20, 21])],
    ['several in disorder', 'bytes=20-21,0-1,10-11', ranges([20, 21], [0, 1], [10, 11])],
    ['overlapping ones', 'bytes=0-10,5-20', ranges([0, 20])],
    ['touching ones', 'bytes=0-9,10-19', ranges([0, 19])],
    ['nearly touching ones', 'bytes=0-9,11-19', ranges([0, 9], [11, 19])],
    ['one within another', 'bytes=0-50,10-20', ranges([0, 50])],
    ['one around another', 'bytes=10-20,0-50', ranges([0, 50])],
    ['the same twice', 'bytes=3-4,3-4', ranges([3, 4])],
    ['one that joins two', 'bytes=0-9,20-29,10-19', ranges([0, 29])],
    ['one that touches downwards', 'bytes=10-19,50-51,0-9', ranges([0, 19], [50, 51])],
    [
      'merged ones at the place of the first of them',
      'bytes=50-59,0-9,90-99,5-20,55-70',
      ranges([50, 70], [0, 20], [90, 99]),
    ],
    ['one contained, asked for first', 'bytes=10-20,80-,0-50', ranges([0, 50], [80, 99])],
    ['a suffix that overlaps', 'bytes=80-95,-10', ranges([80, 99])],
    ['some past the end among others', 'bytes=100-,0-1,200-300', ranges([0, 1])],
    ['an empty suffix among others', 'bytes=-0,0-1', ranges([0, 1])],
  ])('reads %s: %j', (_, field, expected) => {
    expect(parseRange(field, 100)).toEqual(expected);
  });

  it.each([
    ['a first byte just past the end', 'bytes=100-'],
    ['first and last byte past the end', 'bytes=100-200'],
    ['a first byte beyond 2^53', 'bytes=9007199254740993-'],
    ['a first byte of 400 digits', `bytes=${'9'.repeat(400)}-`],
    ['an interval beyond 2^53', 'bytes=9007199254740992-9007199254740993'],
    ['an empty suffix', 'bytes=-0'],
    ['an empty suffix of many zeros', 'bytes=-000'],
    ['several of them', 'bytes=100-, 200-300 ,-0'],
  ])('is unsatisfiable for %s: %j', (_, field) => {
    expect(parseRange(field, 100)).toBe('unsatisfiable');
  });

  it.each([
    ['nothing at all', ''],
    ['no unit', '0-9'],
    ['no ranges', 'bytes'],
    ['an empty set', 'bytes='],
    ['a set of empty elements', 'bytes=, ,'],
    ['another unit', 'items=0-9'],
    ['a longer unit', 'bytess=0-9'],
    ['white space before the unit', ' bytes=0-9'],
    ['white space after the unit', 'bytes =0-9'],
    ['white space within a range', 'bytes=0 - 9'],
    ['white space within a number', 'bytes=0-1 0'],
    ['another kind of space', 'bytes=\u00a00-9'],
    ['a lone dash', 'bytes=-'],
    ['two dashes', 'bytes=0--9'],
    ['three numbers', 'bytes=0-1-2'],
    ['a lone number', 'bytes=5'],
    ['a sign', 'bytes=+0-9'],
    ['a fraction', 'bytes=0-9.5'],
    ['an exponent', 'bytes=0-1e1'],
    ['a hexadecimal number', 'bytes=0x0-0x9'],
    ['digits of another script', 'bytes=\u0660-\u0669'],
    ['reversed positions', 'bytes=9-0'],
    ['reversed positions past the end', 'bytes=200-150'],
    ['reversed positions beyond 2^53', 'bytes=9007199254740993-9007199254740992'],
    ['reversed positions with leading zeros', 'bytes=10-0009'],
    ['one reversed among good ones', 'bytes=0-1,9-0'],
    ['garbage among good ones', 'bytes=0-1,x'],
    ['garbage after unsatisfiable ones', 'bytes=100-,x'],
    ['a semicolon', 'bytes=0-1;4-5'],
    ['two fields joined', 'bytes=0-1, bytes=4-5'],
    ['a line break', 'bytes=0-9\n'],
  ])('ignores %s: %j', (_, field) => {
    expect(parseRange(field, 100)).toBeUndefined();
  });

  it.each([
    ['bytes=0-', 'unsatisfiable'],
    ['bytes=0-0', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-5', undefined],
    ['bytes=0-,-5', undefined],
    ['bytes=x', undefined],
  ])('for an empty file reads %j as %s', (field, expected) => {
    expect(parseRange(field, 0)).toBe(expected);
  });

  it('reaches the last byte of the largest file', () => {
    const size = Number.MAX_SAFE_INTEGER;
    expect(parseRange(`bytes=${size - 1}-`, size)).toEqual(ranges([size - 1, size - 1]));
    expect(parseRange('bytes=-1', size)).toEqual(ranges([size - 1, size - 1]));
    expect(parseRange(`bytes=${size}-`, size)).toBe('unsatisfiable');
  });
});

describe('bounds', () => {
  /** Every other byte, so that nothing merges. */
  function apart(count: number): string {
    return `bytes=${Array.from({ length: count }, (_, i) => `${2 * i}-${2 * i}`).join()}`;
  }

  it.each([
    ['keeps 100 ranges', apart(100), 1000, 100],
    ['ignores 101 ranges', apart(101), 1000, undefined],
    ['ignores 100,000 ranges', apart(100_000), 1_000_000, undefined],
    ['keeps 100 of 101 if one is past the end', `${apart(100)},5000-`, 1000, 100],
    ['keeps 1,000 touching ranges as one', `bytes=${'0-9,10-19,'.repeat(500)}`, 1000, 1],
    ['keeps 100,000 equal ranges as one', `bytes=${'0-,'.repeat(100_000)}`, 1000, 1],
    ['keeps 100,000 nested suffixes as one', nested(100_000), 1_000_000, 1],
  ])('%s', (_, field, size, count) => {
    expect(parseRange(field, size)?.length).toBe(count);
  });

  function nested(count: number): string {
    return `bytes=${Array.from({ length: count }, (_, i) => `-${i + 1}`).join()}`;
  }

  it.each([
    ['spaces', `bytes=${' '.repeat(1_000_000)}x`],
    ['digits', `bytes=${'1'.repeat(1_000_000)}`],
    ['zeros', `bytes=${'0'.repeat(1_000_000)}-x`],
    ['commas', `bytes=${','.repeat(1_000_000)}`],
    ['reversed digits', `bytes=${'9'.repeat(500_000)}-${'8'.repeat(500_000)}`],
  ])('ignores a million characters of %s', (_, field) => {
    expect(parseRange(field, 100)).toBeUndefined();
  });
});

describe('properties', () => {
  interface Element {
    readonly first?: number | undefined;
    readonly last?: number | undefined;
  }
  const position = fc.integer({ min: 0, max: 70 });
  const element: fc.Arbitrary<Element> = fc.oneof(
    fc.tuple(position, position).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
    position.map((first) => ({ first })),
    position.map((last) => ({ last })),
  );

  /** True if an element requests a byte. */
  function asksFor({ first, last = Infinity }: Element, byte: number, size: number): boolean {
    return first === undefined ? byte >= size - last : byte >= first && byte <= last;
  }

  /**
   * The answer found byte by byte: the longest runs of bytes that are asked for, which neither
   * overlap nor touch, by the first element that asks for one of their bytes.
   */
  function answer(elements: readonly Element[], size: number): ByteRange[] | 'unsatisfiable' {
    const runs: { start: number; end: number; place: number }[] = [];
    for (let byte = 0; byte < size; byte += 1) {
      const place = elements.findIndex((asking) => asksFor(asking, byte, size));
      if (place === -1) continue;
      const run = runs.at(-1);
      if (run?.end === byte - 1) {
        run.end = byte;
        run.place = Math.min(run.place, place);
      } else {
        runs.push({ start: byte, end: byte, place });
      }
    }
    const ranges = runs.sort((a, b) => a.place - b.place).map(({ start, end }) => ({ start, end }));
    return ranges.length === 0 ? 'unsatisfiable' : ranges;
  }

  it('returns exactly the requested bytes, in the requested order, merged', () => {
    const elements = fc.array(element, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(elements, fc.integer({ min: 1, max: 64 }), (asked, size) => {
        const set = asked.map(({ first, last }) => `${first ?? ''}-${last ?? ''}`).join(', ');
        expect(parseRange(`bytes=${set}`, size)).toEqual(answer(asked, size));
      }),
      { numRuns: 2000 },
    );
  });

  it('returns 1 to 100 ranges within the file, or none, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((set) => `bytes=${set}`),
      fc.stringMatching(/^bytes=[0-9, \t-]{0,40}$/),
    );
    fc.assert(
      fc.property(text, fc.maxSafeNat(), (field, size) => {
        const result = parseRange(field, size) ?? 'ignored';
        const found = typeof result === 'string' ? [] : result;
        expect(found.length > 0).toBe(typeof result !== 'string');
        expect(found.length).toBeLessThanOrEqual(100);
        for (const { start, end } of found) {
          expect([start, end].every(Number.isSafeInteger)).toBe(true);
          expect(start >= 0 && start <= end && end < size).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
