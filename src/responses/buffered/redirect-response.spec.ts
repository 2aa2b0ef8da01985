import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RedirectResponse } from './redirect-response.js';

describe('RedirectResponse', () => {
  it.each<[url: string | URL, location: string]>([
    ['/new/', '/new/'],
    ['https://example.com/a?b=c&d=e#f', 'https://example.com/a?b=c&d=e#f'],
    [new URL('https://example.com/a b'), 'https://example.com/a%20b'],
    ['../up', '../up'],
    ['?page=2', '?page=2'],
    ['/a b', '/a%20b'],
    ['/é/€', '/%C3%A9/%E2%82%AC'],
    ['/a%20b', '/a%20b'],
    ['/%C3%A9 é', '/%C3%A9%20%C3%A9'],
    ['/100%', '/100%25'],
    ['/%zz', '/%25zz'],
    ['/a"b<c>', '/a%22b%3Cc%3E'],
    ['/a\r\nSet-Cookie: b=c', '/a%0D%0ASet-Cookie:%20b=c'],
    ['/a\0b', '/a%00b'],
  ])('sends %s as %s', (url, location) => {
    const response = new RedirectResponse(url);
    expect(response.url).toBe(location);
    expect(response.headers.get('location')).toBe(location);
    expect(response.render()).toBeUndefined();
  });

  it('never encodes twice, and always writes a valid header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (url) => {
        const once = new RedirectResponse(url).url;
        expect(once).toMatch(/^[\x21-\x7e]*$/);
        expect(new RedirectResponse(once).url).toBe(once);
      }),
    );
  });

  it.each([301, 302, 303, 307, 308])('accepts %i', (statusCode) => {
    expect(new RedirectResponse('/', { statusCode }).statusCode).toBe(statusCode);
  });

  it.each([200, 300, 304, 305, 306, 309, 404])('rejects %i', (statusCode) => {
    const make = () => new RedirectResponse('/', { statusCode });
    expect(make).toThrow(RangeError);
    expect(make).toThrow(`301, 302, 303, 307, 308, got ${statusCode}`);
  });
});
