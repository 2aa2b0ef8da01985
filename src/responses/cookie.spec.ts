import { describe, expect, it } from 'vitest';
import { writeCookie, type CookieOptions } from './cookie.js';

describe('writeCookie', () => {
  it('writes a cookie of 4,096 bytes, and rejects a longer one', () => {
    const value = 'v'.repeat(4092);
    expect(writeCookie('name', value)).toContain(`name=${value};`);
    expect(() => writeCookie('name', `${value}v`)).toThrow(
      'Browsers reject the cookie "name": its name and value take 4097 bytes, of at most 4096.',
    );
    // Each of these takes nine bytes.
    expect(() => writeCookie('name', '€'.repeat(455))).toThrow(TypeError);
  });

  it.each([undefined, null, 4, {}])('rejects the value %s', (value) => {
    expect(() => writeCookie('name', value as never)).toThrow(
      'The value of the cookie "name" must be a string',
    );
  });

  it.each([true, false, 'foo', null])('rejects sameSite %s', (sameSite) => {
    const write = () => writeCookie('name', 'value', { sameSite: sameSite as never, secure: true });
    expect(write).toThrow(TypeError);
    expect(write).toThrow(`"sameSite" of the cookie "name" must be 'strict', 'lax' or 'none'`);
  });

  it('sets the path / and sameSite lax by default', () => {
    expect(writeCookie('name', 'value')).toBe('name=value; Path=/; SameSite=Lax');
  });

  it.each<[options: CookieOptions, attribute: string]>([
    [{ maxAge: 3600 }, 'Max-Age=3600'],
    [{ maxAge: 0 }, 'Max-Age=0'],
    [{ expires: new Date(Date.UTC(2030, 0, 2, 3, 4, 5)) }, 'Expires=Wed, 02 Jan 2030 03:04:05 GMT'],
    [{ domain: 'example.com' }, 'Domain=example.com'],
    [{ path: '/puppies' }, 'Path=/puppies'],
    [{ secure: true }, 'Secure'],
    [{ httpOnly: true }, 'HttpOnly'],
    [{ sameSite: 'strict' }, 'SameSite=Strict'],
    [{ sameSite: 'lax' }, 'SameSite=Lax'],
    [{ sameSite: 'none', secure: true }, 'SameSite=None'],
    [{ partitioned: true, secure: true }, 'Partitioned'],
    [{ priority: 'low' }, 'Priority=Low'],
    [{ priority: 'medium' }, 'Priority=Medium'],
    [{ priority: 'high' }, 'Priority=High'],
  ])('writes %o', (options, attribute) => {
    const attributes = writeCookie('name', 'value', options).split('; ').slice(1);
    expect(attributes).toContain(attribute);
    expect(attributes.filter((one) => one.startsWith('Path='))).toHaveLength(1);
    expect(attributes.filter((one) => one.startsWith('SameSite='))).toHaveLength(1);
  });

  it.each<[options: CookieOptions]>([
    [{ secure: false }],
    [{ httpOnly: false }],
    [{ partitioned: false }],
    [{}],
  ])('leaves out attributes turned off by %o', (options) => {
    expect(writeCookie('name', 'value', options)).toBe('name=value; Path=/; SameSite=Lax');
  });

  it.each([
    ['a b;c', 'a%20b%3Bc'],
    ['é€', '%C3%A9%E2%82%AC'],
    ['a\r\nSet-Cookie: b=c', 'a%0D%0ASet-Cookie%3A%20b%3Dc'],
    ['a\0b', 'a%00b'],
    ['', ''],
  ])('percent-encodes the value %j', (value, encoded) => {
    expect(writeCookie('name', value)).toBe(`name=${encoded}; Path=/; SameSite=Lax`);
  });

  it.each<[name: string, options: CookieOptions]>([
    ['__Secure-id', { secure: true, domain: 'example.com', path: '/a' }],
    ['__Host-id', { secure: true }],
    ['__Host-id', { secure: true, path: '/' }],
    ['__Hostess', {}],
    ['__Secure', {}],
  ])('allows the cookie %s with %o', (name, options) => {
    expect(writeCookie(name, 'value', options)).toContain(`${name}=value`);
  });

  it.each<[name: string, options: CookieOptions, message: string]>([
    [
      'id',
      { sameSite: 'none' },
      `Browsers reject the cookie "id": "sameSite: 'none'" requires "secure"`,
    ],
    ['id', { sameSite: 'none', secure: false }, `"sameSite: 'none'" requires "secure"`],
    ['id', { partitioned: true }, '"partitioned" requires "secure"'],
    ['__Secure-id', {}, 'the prefix of its name requires "secure"'],
    ['__SECURE-id', {}, 'the prefix of its name requires "secure"'],
    ['__Host-id', {}, 'the prefix of its name requires "secure"'],
    ['__host-id', {}, 'the prefix of its name requires "secure"'],
    ['__Host-id', { secure: true, domain: 'example.com' }, 'allows no "domain"'],
    ['__Host-id', { secure: true, path: '/a' }, 'requires the path "/", got "/a"'],
  ])('rejects the cookie %s with %o, as browsers do', (name, options, message) => {
    const write = () => writeCookie(name, 'value', options);
    expect(write).toThrow(TypeError);
    expect(write).toThrow(message);
  });

  it.each<[what: string, name: string, options: CookieOptions]>([
    ['an empty name', '', {}],
    ['a name with a space', 'a b', {}],
    ['a name with =', 'a=b', {}],
    ['a name with ;', 'a;b', {}],
    ['a name with CR LF', 'a\r\nb', {}],
    ['a name with NUL', 'a\0', {}],
    ['a domain with ;', 'id', { domain: 'example.com; Secure' }],
    ['a domain with LF', 'id', { domain: 'example.com\nx' }],
    ['a path with ;', 'id', { path: '/; Secure' }],
    ['a path with CR LF', 'id', { path: '/\r\nSet-Cookie: a=b' }],
    ['a path with NUL', 'id', { path: '/\0' }],
    ['a fraction as maxAge', 'id', { maxAge: 1.5 }],
    ['NaN as maxAge', 'id', { maxAge: NaN }],
    ['an invalid date', 'id', { expires: new Date(NaN) }],
  ])('rejects %s, which cannot be written', (_what, name, options) => {
    expect(() => writeCookie(name, 'value', options)).toThrow(TypeError);
  });

  it('does not change its options', () => {
    const options = Object.freeze({ maxAge: 1 });
    expect(writeCookie('name', 'value', options)).toContain('Max-Age=1');
  });
});
