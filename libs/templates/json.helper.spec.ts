import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { json } from './json.helper.js';

const options = { hash: {} };

describe('json', () => {
  it.each([
    ['an object', { a: [1, 'x', null, true] }, '{"a":[1,"x",null,true]}'],
    ['undefined', undefined, 'null'],
    ['a function', () => 1, 'null'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a closing script tag', '</script>', String.raw`"\u003c/script\u003e"`],
    ['an opening comment', '<!--', String.raw`"\u003c!--"`],
    ['an ampersand and an apostrophe', `&'`, String.raw`"\u0026\u0027"`],
    ['an equals sign, which a wrongly quoted attribute needs', 'a=b', String.raw`"a\u003db"`],
    ['line separators', '\u2028\u2029', String.raw`"\u2028\u2029"`],
    ['a key', { '</script>': 1 }, String.raw`{"\u003c/script\u003e":1}`],
    ['a lone surrogate', '\ud800', String.raw`"\ud800"`],
  ])('writes %s', (_case, value, text) => {
    expect(String(json(value, options))).toBe(text);
  });

  it('writes any value as JSON without characters that are special in HTML or JavaScript', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = String(json(value, options));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/[<>&'=\u2028\u2029]/);
      }),
    );
  });

  it.each([
    ['no value', [options]],
    ['two values', [1, 2, options]],
  ])('rejects %s', (_case, args) => {
    expect(() => json(...args)).toThrow(
      'The helper "json" takes one value. Write ||@ json value @||.',
    );
  });
});
