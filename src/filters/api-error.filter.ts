import { Catch } from '@nestjs/common';
import { APIErrorResponse } from '../responses/buffered/api-error-response.js';
import { errorBody, type PublicError } from '../responses/error-body.js';
import { ErrorResponseFilter } from './error-response.filter.js';

/**
 * Answers every exception of an HTTP request with an `APIErrorResponse`. An `HttpException` keeps its status, its
 * message(s) and its other members. An error of the platform (e.g. a body that is too large) keeps its status. Any
 * other exception becomes a 500 "Internal Server Error" and is logged with its stack. Headers that were set earlier are
 * kept.
 *
 * Install it for the whole application with the module's option `errors: true`, or for a part with `@UseFilters()`.
 *
 * @publicApi
 */
@Catch()
export class APIErrorFilter extends ErrorResponseFilter {
  /** @internal */
  protected respond(error: PublicError): APIErrorResponse {
    // Leave out extensions that collide with a member of the body: the exception must still be answered.
    const {
      detail: _detail,
      error: _error,
      status_code: _status,
      ...extensions
    } = errorBody(error) as unknown as Record<string, unknown>;
    return new APIErrorResponse({ ...error, extensions });
  }
}
