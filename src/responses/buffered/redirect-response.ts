import encodeUrl from 'encodeurl';
import type { ResponseOptions } from '../response.js';
import { BufferedResponse } from './buffered-response.js';

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Sends the client to another URL, without a body. What a URL cannot hold is percent-encoded in it, and what is encoded
 * already stays as it is.
 *
 * Source: RFC 9110, sections 10.2.2 and 15.4.
 *
 * @publicApi
 */
export class RedirectResponse extends BufferedResponse<undefined> {
  /** Where the client is sent, as in the `Location` header. */
  readonly url: string;

  /**
   * @param url absolute, or relative to that of the request
   * @param options `statusCode` is 307 by default; any but 301, 302, 303, 307 and 308 is a `RangeError`
   */
  constructor(url: string | URL, { statusCode = 307, ...options }: ResponseOptions = {}) {
    if (!REDIRECTS.includes(statusCode)) {
      throw new RangeError(
        `A redirect has one of the status codes ${REDIRECTS.join(', ')}, got ${statusCode}.`,
      );
    }
    super(undefined, { statusCode, ...options });
    this.url = encodeUrl(String(url));
    this.headers.set('location', this.url);
  }

  render(): undefined {
    return undefined;
  }
}
