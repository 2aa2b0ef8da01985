import { errorBody, type ErrorBody } from '../error-body.js';
import { writeJSON } from '../json.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';

/** What an `APIErrorResponse` is made of. */
export interface APIErrorResponseInit extends Pick<ResponseOptions, 'headers' | 'background'> {
  /** What happened, in words or in any form that JSON has. */
  readonly detail: unknown;
  /** The status of the answer, and `status_code` in its body. @default 400 */
  readonly statusCode?: number;
  /** Whose class the client is told by name. @default none, told as null */
  readonly exception?: Error | undefined;
}

/**
 * Sends an error as JSON: `{ "detail", "error", "status_code" }`, where `error` is the name of the exception's class or
 * null.
 *
 * @publicApi
 */
export class APIErrorResponse extends BufferedResponse<ErrorBody> {
  override readonly mediaType: string = 'application/json';

  constructor({ detail, statusCode = 400, exception, ...options }: APIErrorResponseInit) {
    super(errorBody({ detail, statusCode, exception }), { ...options, statusCode });
  }

  render({ stringify } = DEFAULT_SERVICES): string {
    return writeJSON(this.content, stringify);
  }
}
