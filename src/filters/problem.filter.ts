import { Catch } from '@nestjs/common';
import { ProblemResponse } from '../responses/buffered/problem-response.js';
import type { PublicError } from '../responses/error-body.js';
import { problemOf } from '../responses/problem.js';
import { ErrorResponseFilter } from './error-response.filter.js';

/**
 * Answers every exception of an HTTP request with a `ProblemResponse`. The message of an `HttpException` becomes
 * `detail`, several messages become `errors`, and its other members become extensions. An error of the platform (e.g. a
 * body that is too large) keeps its status. Any other exception becomes a 500 without `detail` and is logged with its
 * stack. Headers that were set earlier are kept.
 *
 * Install it for the whole application with the module's option `errors: 'problem'`, or for a part with
 * `@UseFilters()`.
 *
 * @publicApi
 */
@Catch()
export class ProblemFilter extends ErrorResponseFilter {
  protected respond(error: PublicError): ProblemResponse {
    return new ProblemResponse(problemOf(error));
  }
}
