import { stringifySetCookie } from 'cookie';

/** The attributes of a cookie. Source: RFC 6265bis, section 4.1.2. */
export interface CookieOptions {
  /** The time until the cookie expires, in seconds; an integer. Wins over `expires`. @default none: a session cookie */
  readonly maxAge?: number;
  /** When the cookie expires. @default none: a session cookie */
  readonly expires?: Date;
  /** Sent to this host and its subdomains. @default the host that set it, without subdomains */
  readonly domain?: string;
  /** Sent to paths that begin with this one. @default '/' */
  readonly path?: string;
  /** Sent over HTTPS only. @default false */
  readonly secure?: boolean;
  /** Scripts cannot read it. @default false */
  readonly httpOnly?: boolean;
  /** Which cross-site requests send it. `'none'`, for all of them, requires `secure`. @default 'lax' */
  readonly sameSite?: 'strict' | 'lax' | 'none';
  /** Stored once for each top-level site (CHIPS). Requires `secure`. @default false */
  readonly partitioned?: boolean;
  /** Chromium deletes cookies of a low priority first. @default 'medium', by the browser */
  readonly priority?: 'low' | 'medium' | 'high';
}

/**
 * Writes the value of a `Set-Cookie` header. Percent-encodes the cookie's value.
 *
 * Throws a `TypeError` for a cookie that cannot be written, or that browsers would reject: `sameSite: 'none'` or
 * `partitioned` without `secure`, and names that break the rules of the prefixes `__Secure-` and `__Host-`.
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
