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
   *
   * Throws a `TypeError` for a target that is neither a string nor a `URL`.
   */
  constructor(url: string | URL, { statusCode = 307, ...options }: ResponseOptions = {}) {
    if (!REDIRECTS.includes(statusCode)) {
      throw new RangeError(
        `A redirect must have one of the status codes ${REDIRECTS.join(', ')}, got ${statusCode}.`,
      );
    }
    if (typeof url !== 'string' && !(url instanceof URL)) {
      throw new TypeError(
        `A RedirectResponse needs a URL, as a string or a URL object, got ${String(url)}. Check where it comes from.`,
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
