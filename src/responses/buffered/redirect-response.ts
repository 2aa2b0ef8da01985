import encodeUrl from 'encodeurl';
import type { ResponseOptions } from '../response.js';
import { BufferedResponse } from './buffered-response.js';

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Redirects the client to another URL, without a body. Characters that a URL cannot hold are percent-encoded.
 * Encoded ones are kept as they are.
 *
 * Source: RFC 9110, sections 10.2.2 and 15.4.
 *
 * @publicApi
 */
export class RedirectResponse extends BufferedResponse<undefined> {
  /** The target, as in the `Location` header. */
  readonly url: string;

  /**
   * @param url absolute, or relative to the URL of the request
   * @param options `statusCode` is 301, 302, 303, 307 (default) or 308. Any other throws a `RangeError`
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
