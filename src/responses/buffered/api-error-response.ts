import { errorBody, type ErrorBody } from '../error-body.js';
import { writeJSON } from '../json.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';

/** The error that an `APIErrorResponse` sends. */
export interface APIErrorResponseInit extends Pick<ResponseOptions, 'headers' | 'background'> {
  /** A message, several messages, or any other value that JSON can represent. */
  readonly detail: unknown;
  /** The status of the response, and `status_code` in its body. @default 400 */
  readonly statusCode?: number;
  /** Only the name of its class is sent to the client. @default none: `error` is null */
  readonly exception?: Error | undefined;
  /** Further members of the body, e.g. `{ errorCode: 'E42' }`. @default none */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

const STANDARD_MEMBERS = ['detail', 'error', 'status_code'];

/**
 * Sends an error as JSON: `{ "detail", "error", "status_code" }` and the extensions. `error` is the name of the
 * exception's class or null.
 *
 * @publicApi
 */
export class APIErrorResponse extends BufferedResponse<ErrorBody> {
  override readonly mediaType: string = 'application/json';

  /** Throws a `TypeError` if an extension has the name of a standard member. */
  constructor({
    detail,
    statusCode = 400,
    exception,
    extensions,
    ...options
  }: APIErrorResponseInit) {
    const taken = STANDARD_MEMBERS.find((name) => extensions && Object.hasOwn(extensions, name));
    if (taken !== undefined) {
      throw new TypeError(
        `The extension "${taken}" of an APIErrorResponse is a standard member. Name it differently.`,
      );
    }
    super(errorBody({ detail, statusCode, exception, extensions }), { ...options, statusCode });
  }

  render({ stringify } = DEFAULT_SERVICES): string {
    return writeJSON(this.content, stringify);
  }
}
