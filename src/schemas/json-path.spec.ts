import { describe, expect, it } from 'vitest';
import { jsonPath, withoutPositions } from './json-path.js';

describe('A path', () => {
  it.each<[PropertyKey[], string]>([
    [[], '$'],
    [['items', 3, 'name'], '$.items[3].name'],
    [[0], '$[0]'],
    [['$ref', '_a1'], '$.$ref._a1'],
    [['0'], '$["0"]'],
    [['a b', ''], '$["a b"][""]'],
    [['a"b'], String.raw`$["a\"b"]`],
    [['line\nbreak'], String.raw`$["line\nbreak"]`],
    [['x'.repeat(101)], `$["${'x'.repeat(100)}…"]`],
    [[Symbol('tag')], '$["Symbol(tag)"]'],
  ])('of %j is written as %s', (segments, path) => {
    expect(jsonPath(segments)).toBe(path);
  });

  it.each([
    ['$', '$'],
    ['$[0].a[12][3].b', '$[*].a[*][*].b'],
    [String.raw`$["[1]"][2]["a\"[3]"]`, String.raw`$["[1]"][*]["a\"[3]"]`],
  ])('without indexes: %s is %s', (path, general) => {
    expect(withoutPositions(path)).toBe(general);
  });
});
