import { stringifySetCookie } from 'cookie';

/** The attributes of a cookie. Source: RFC 6265bis, section 4.1.2. */
export interface CookieOptions {
  /** Seconds until the cookie expires, an integer; wins over `expires`. @default none: it ends with the browser's session */
  readonly maxAge?: number;
  /** When the cookie expires. @default none: it ends with the browser's session */
  readonly expires?: Date;
  /** The host that it is sent to, with its subdomains. @default the host that set it, without its subdomains */
  readonly domain?: string;
  /** Where the paths begin that it is sent to. @default '/' */
  readonly path?: string;
  /** Sent over HTTPS only. @default false */
  readonly secure?: boolean;
  /** Kept from scripts. @default false */
  readonly httpOnly?: boolean;
  /** Whether it goes with requests that other sites cause; `'none'`, with all, asks for `secure`. @default 'lax' */
  readonly sameSite?: 'strict' | 'lax' | 'none';
  /** One cookie jar for each top-level site (CHIPS); asks for `secure`. @default false */
  readonly partitioned?: boolean;
  /** Which cookies Chromium keeps longest where there are too many. @default 'medium', by the browser */
  readonly priority?: 'low' | 'medium' | 'high';
}

/**
 * Writes the value of a `Set-Cookie` header; the cookie's value is percent-encoded.
 *
 * Throws a `TypeError` for a cookie that cannot be written, or that browsers would refuse to store: `sameSite: 'none'`
 * or `partitioned` without `secure`, and the rules of the prefixes `__Secure-` and `__Host-`.
 *
 * Source: RFC 6265bis, sections 4.1.3 and 5.7.
 */
export function writeCookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path = '/', sameSite = 'lax' } = options;
  const refuse = (what: string, cure: string): never => {
    throw new TypeError(`Browsers refuse the cookie "${name}": ${what}. ${cure}`);
  };
  if (!options.secure) {
    const reason = [
      sameSite.toLowerCase() === 'none' && `"sameSite: 'none'"`,
      options.partitioned && '"partitioned"',
      /^__(secure|host)-/i.test(name) && 'the prefix of its name',
    ].find(Boolean);
    if (reason) {
      refuse(`${reason} asks for "secure"`, 'Set "secure: true".');
    }
  }
  if (/^__host-/i.test(name)) {
    if (options.domain !== undefined) {
      refuse('the prefix "__Host-" allows no "domain"', 'Leave "domain" out.');
    }
    if (path !== '/') {
      refuse(`the prefix "__Host-" asks for the path "/", got "${path}"`, 'Leave "path" out.');
    }
  }
  return stringifySetCookie({ ...options, name, value, path, sameSite });
}
