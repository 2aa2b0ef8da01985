import { parseSetCookie, stringifySetCookie } from 'cookie';

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

const SAME_SITE = ['strict', 'lax', 'none'];

/** Browsers ignore a cookie whose name and value take more bytes. Source: RFC 6265bis, section 5.6. */
const MAX_BYTES = 4096;

/**
 * Writes the value of a `Set-Cookie` header. Percent-encodes the cookie's value.
 *
 * Throws a `TypeError` for a cookie that cannot be written, or that browsers would reject: `sameSite: 'none'` or
 * `partitioned` without `secure`, names that break the rules of the prefixes `__Secure-` and `__Host-`, and a name and value
 * of more than 4,096 bytes together.
 *
 * Source: RFC 6265bis, sections 4.1.3, 5.6 and 5.7.
 */
export function writeCookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path = '/', sameSite = 'lax' } = options;
  if (typeof value !== 'string') {
    throw new TypeError(
      `The value of the cookie "${name}" must be a string, got ${String(value)}. Use deleteCookie() to delete it.`,
    );
  }
  if (!SAME_SITE.includes(String(sameSite).toLowerCase())) {
    throw new TypeError(
      `"sameSite" of the cookie "${name}" must be 'strict', 'lax' or 'none', got ${JSON.stringify(sameSite)}.`,
    );
  }
  const refuse = (what: string, cure: string): never => {
    throw new TypeError(`Browsers reject the cookie "${name}": ${what}. ${cure}`);
  };
  if (!options.secure) {
    const reason = [
      sameSite.toLowerCase() === 'none' && `"sameSite: 'none'"`,
      options.partitioned && '"partitioned"',
      /^__(secure|host)-/i.test(name) && 'the prefix of its name',
    ].find(Boolean);
    if (reason) {
      refuse(`${reason} requires "secure"`, 'Set "secure: true".');
    }
  }
  if (/^__host-/i.test(name)) {
    if (options.domain !== undefined) {
      refuse('the prefix "__Host-" allows no "domain"', 'Leave "domain" out.');
    }
    if (path !== '/') {
      refuse(`the prefix "__Host-" requires the path "/", got "${path}"`, 'Leave "path" out.');
    }
  }
  const cookie = stringifySetCookie({ ...options, name, value, path, sameSite });
  // Percent-encoded, so that each character is one byte.
  const size = cookie.split(';', 1)[0]?.length ?? 0;
  if (size - '='.length > MAX_BYTES) {
    refuse(
      `its name and value take ${size - 1} bytes, of at most ${MAX_BYTES}`,
      'Store the value on the server, and send its key.',
    );
  }
  return cookie;
}

/**
 * Returns a key that two `Set-Cookie` fields share if browsers store them as the same cookie: by name, domain and path.
 *
 * Source: RFC 6265bis, section 5.7.
 */
export function cookieKey(field: string): string {
  const { name, domain, path } = parseSetCookie(field);
  return JSON.stringify([name, domain?.toLowerCase().replace(/^\./, ''), path]);
}
