import { Catch } from '@nestjs/common';
import { APIErrorResponse } from '../responses/buffered/api-error-response.js';
import { errorBody, type PublicError } from '../responses/error-body.js';
import { ErrorResponseFilter } from './error-response.filter.js';

/**
 * Answers every exception of an HTTP request with an `APIErrorResponse`. An `HttpException` keeps its status, its
 * message(s) and its other members. An error of the platform (e.g. a body that is too large) keeps its status. Any other
 * exception is a 500 "Internal Server Error" and is logged with its stack. Headers that were set before are kept.
 *
 * Install it for the whole application by the module's option `errors: true`, or for a part by `@UseFilters()`.
 *
 * @publicApi
 */
@Catch()
export class APIErrorFilter extends ErrorResponseFilter {
  /** @internal */
  protected respond(error: PublicError): APIErrorResponse {
    // An extension that collides with a member of the body is left out: the exception still has to be answered.
    const {
      detail: _detail,
      error: _error,
      status_code: _status,
      ...extensions
    } = errorBody(error) as unknown as Record<string, unknown>;
    return new APIErrorResponse({ ...error, extensions });
  }
}
