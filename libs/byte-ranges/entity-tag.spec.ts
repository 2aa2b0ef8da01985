import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesStrongly, matchesWeakly, parseEntityTags } from './entity-tag.js';

/** Any entity tag of the grammar, also with commas, backslashes and obs-text in it. */
const entityTag = fc
  .tuple(
    fc.constantFrom('', 'W/'),
    fc.array(
      fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x22 && code !== 0x7f),
      { maxLength: 8 },
    ),
  )
  .map(([weak, codes]) => `${weak}"${String.fromCharCode(...codes)}"`);

const separator = fc
  .tuple(fc.stringMatching(/^[ \t]{0,3}$/), fc.stringMatching(/^[ \t,]{0,3}$/))
  .map(([before, after]) => `${before},${after}`);

describe('parseEntityTags', () => {
  it.each<[string, readonly string[] | '*']>([
    ['*', '*'],
    ['"a"', ['"a"']],
    ['W/"a"', ['W/"a"']],
    ['""', ['""']],
    ['"a", W/"b","c"', ['"a"', 'W/"b"', '"c"']],
    ['"a,b", "c"', ['"a,b"', '"c"']],
    ['"a\\", "b"', ['"a\\"', '"b"']],
    ['"\u00e9\u00ff"', ['"\u00e9\u00ff"']],
    ['"a" ,\t"b"', ['"a"', '"b"']],
    [' "a" ', ['"a"']],
    [', "a",, ,"b",', ['"a"', '"b"']],
    ['', []],
    [' ,', []],
  ])('reads %j as %j', (field, tags) => {
    expect(parseEntityTags(field)).toEqual(tags);
  });

  it.each([
    'a',
    '"a',
    'a"',
    '"a" "b"',
    '"a""b"',
    '"a", b',
    'w/"a"',
    'W/a',
    'W/ "a"',
    '"a b"',
    '"a\u007f"',
    '"\u0100"',
    '"a"\n',
    '*, "a"',
    '*, *',
    '**',
  ])('rejects %j', (field) => {
    expect(parseEntityTags(field)).toBeUndefined();
  });

  it('reads back every list, however it is spaced', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(entityTag, separator)), (elements) => {
        const field = elements.map(([tag, comma]) => tag + comma).join('');
        expect(parseEntityTags(field)).toEqual(elements.map(([tag]) => tag));
      }),
    );
  });

  it('finds nothing but entity tags in any text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[W/"a, \t*]{0,20}$/));
    fc.assert(
      fc.property(text, (field) => {
        for (const tag of parseEntityTags(field) ?? []) {
          expect(tag).toMatch(/^(\*|(W\/)?"[^"\s]*")$/);
        }
      }),
    );
  });

  it.each([
    ['spaces', ' '.repeat(1_000_000) + 'x'],
    ['commas', ','.repeat(1_000_000) + 'x'],
    ['an open quote', '"' + 'a'.repeat(1_000_000)],
    ['tags', '"a", '.repeat(200_000) + 'x'],
  ])('rejects a million characters of %s', (_, field) => {
    expect(parseEntityTags(field)).toBeUndefined();
  });
});

describe('comparison', () => {
  it.each([
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', 'W/"1"', false, true],
    ['"1"', '"1"', true, true],
    ['"1"', '"2"', false, false],
  ])('of %s with %s is strongly %s and weakly %s', (tag, other, strongly, weakly) => {
    expect(matchesStrongly(tag, other)).toBe(strongly);
    expect(matchesWeakly(tag, other)).toBe(weakly);
  });
});
