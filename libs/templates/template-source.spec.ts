import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsetAt, positionAt } from './template-source.js';

describe('positionAt', () => {
  it.each([
    ['the start', '', 0, { line: 1, column: 1 }],
    ['a character of the first line', 'abc', 2, { line: 1, column: 3 }],
    ['the start of a line behind LF', 'a\nb', 2, { line: 2, column: 1 }],
    ['the start of a line behind CRLF', 'a\r\nb', 3, { line: 2, column: 1 }],
    ['the start of a line behind CR', 'a\rb', 2, { line: 2, column: 1 }],
    ['what stands behind a character of two UTF-16 units', '😀b', 2, { line: 1, column: 3 }],
    ['what stands behind U+2028, which ends no line', 'a\u2028b', 2, { line: 1, column: 3 }],
  ])('returns line and column of %s', (_case, text, offset, position) => {
    expect(positionAt(text, offset)).toEqual(position);
  });

  it('is the inverse of offsetAt', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\u2028', '{') });
    fc.assert(
      fc.property(text, fc.nat(), (written, number) => {
        const offset = number % (written.length + 1);
        // Between CR and LF there is no place of its own: it is the end of the line.
        fc.pre(!(written[offset - 1] === '\r' && written[offset] === '\n'));
        expect(offsetAt(written, positionAt(written, offset))).toBe(offset);
      }),
    );
  });
});
