import { parse } from 'content-disposition';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDisposition, type ContentDispositionType } from './content-disposition.js';

describe('contentDisposition', () => {
  it.each<[name: string, field: string]>([
    ['plain.pdf', 'attachment; filename=plain.pdf'],
    ['with space.pdf', 'attachment; filename="with space.pdf"'],
    ['a;b,c=d.pdf', 'attachment; filename="a;b,c=d.pdf"'],
    [
      'naïve file "x".pdf',
      `attachment; filename="na?ve file 'x'.pdf"; filename*=UTF-8''na%C3%AFve%20file%20%22x%22.pdf`,
    ],
    [
      '履歴書.pdf',
      `attachment; filename="???.pdf"; filename*=UTF-8''%E5%B1%A5%E6%AD%B4%E6%9B%B8.pdf`,
    ],
    ['🎬.mp4', `attachment; filename="?.mp4"; filename*=UTF-8''%F0%9F%8E%AC.mp4`],
    ['a\\b.txt', `attachment; filename=a_b.txt; filename*=UTF-8''a%5Cb.txt`],
    ['100%41.txt', `attachment; filename=100_41.txt; filename*=UTF-8''100%2541.txt`],
    ['100%.txt', 'attachment; filename=100%.txt'],
    ['../up.txt', 'attachment; filename="../up.txt"'],
    ['cut \ud83d', `attachment; filename="cut ?"; filename*=UTF-8''cut%20%EF%BF%BD`],
    ['', 'attachment; filename=""'],
  ])('carries the name %j', (name, field) => {
    expect(contentDisposition('attachment', name)).toBe(field);
  });

  it('has no filename by default', () => {
    expect(contentDisposition('inline')).toBe('inline');
  });

  it.each(['a\rb', 'a\nb', 'a\0b', 'a\r\nSet-Cookie: x=y'])('rejects the name %j', (name) => {
    expect(() => contentDisposition('attachment', name)).toThrow(TypeError);
  });

  it('rejects an unknown type', () => {
    expect(() => contentDisposition('inline; x=y' as ContentDispositionType)).toThrow(
      '"inline" or "attachment"',
    );
  });

  it('writes any valid name as ASCII', () => {
    const names = fc.string({ unit: 'grapheme' }).filter((name) => !/[\r\n\0]/.test(name));
    fc.assert(
      fc.property(names, (name) => {
        const field = contentDisposition('attachment', name);
        expect(field).toMatch(/^[\x20-\x7e]+$/);
        expect(parse(field).parameters['filename']).toBe(name);
      }),
    );
  });
});
