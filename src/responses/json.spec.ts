import { describe, expect, it } from 'vitest';
import { onOneLine, writeJSON } from './json.js';

const cycle: Record<string, unknown> = { name: 'root' };
cycle['child'] = { parent: cycle };

/** An array in an array, and so on, around what takes `JSON.stringify()` of any version of V8 a call for each. */
function nested(depth: number): unknown {
  let value: unknown = new Date(0);
  for (let i = 0; i < depth; i += 1) {
    value = [value];
  }
  return value;
}

describe('writeJSON', () => {
  it.each<[value: unknown, text: string]>([
    [{ a: 1, b: ['é', null] }, '{"a":1,"b":["é",null]}'],
    [undefined, 'null'],
    [null, 'null'],
    [NaN, 'null'],
    [{ a: undefined }, '{}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['text', '"text"'],
  ])('writes %o compactly', (value, text) => {
    expect(writeJSON(value)).toBe(text);
  });

  it('uses the given serializer', () => {
    expect(writeJSON({ a: 1n }, () => '"custom"')).toBe('"custom"');
  });

  it.each<[value: unknown, path: string]>([
    [{ id: 1n }, '"id"'],
    [{ items: [{}, {}, {}, { id: 1n }] }, '"items[3].id"'],
    [[1, [2, 3n]], '"[1][1]"'],
    [{ a: { b: { c: 1n } } }, '"a.b.c"'],
    [cycle, '"child.parent"'],
    [{ list: [cycle] }, '"list[0].child.parent"'],
    [{ a: { toJSON: () => 1n } }, '"a"'],
    [1n, 'the value'],
  ])('names the part of %o that JSON cannot represent', (value, path) => {
    const write = () => writeJSON(value);
    expect(write).toThrow(TypeError);
    expect(write).toThrow(`JSON cannot hold ${path}: `);
  });

  it('has the error of the serializer as its cause', () => {
    const cause = new Error('mine');
    const fail = () => {
      throw cause;
    };
    expect(() => writeJSON({}, fail)).toThrow(
      expect.objectContaining({ message: 'JSON cannot hold the value: mine', cause }),
    );
  });

  it('names a member that cannot be read', () => {
    const value = {
      a: 1,
      get b(): never {
        throw new Error('unreadable');
      },
    };
    expect(() => writeJSON({ value })).toThrow('JSON cannot hold "value.b": unreadable');
  });

  it('reports a thrown value that is not an error', () => {
    const fail = () => {
      // Other code can throw anything.
      throw 'mine' as unknown as Error;
    };
    expect(() => writeJSON({}, fail)).toThrow('JSON cannot hold the value: mine');
  });

  it('names only the start of an extremely deep path', () => {
    expect(() => writeJSON(nested(100_000))).toThrow(
      `JSON cannot hold "${'[0]'.repeat(32)}": Maximum call stack size exceeded`,
    );
  });

  it.each<[what: string, value: unknown]>([
    ['function', () => 1],
    ['symbol', Symbol('x')],
  ])('throws for a %s', (what, value) => {
    expect(() => writeJSON(value)).toThrow(`JSON cannot represent a ${what}`);
  });
});

describe('onOneLine', () => {
  it.each<[value: unknown, indent: string, text: string]>([
    [{ a: [1, { b: 2 }] }, '  ', '{"a": [1,{"b": 2}]}'],
    [{ a: 'x\n y', 'b\r': '' }, '\t', '{"a": "x\\n y","b\\r": ""}'],
    [[], '  ', '[]'],
  ])('writes %o on a single line, although it is indented by %o', (value, indent, text) => {
    expect(onOneLine((part) => JSON.stringify(part, undefined, indent))(value)).toBe(text);
  });

  it('removes all line endings', () => {
    expect(onOneLine(() => '{\r\n"a":\r1\n}')({})).toBe('{"a":1}');
  });

  it('returns undefined for a value without a JSON form', () => {
    expect(onOneLine(() => undefined)({})).toBeUndefined();
  });
});
