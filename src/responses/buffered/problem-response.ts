import { inspect } from 'node:util';
import { isObject } from '../error-body.js';
import { writeJSON } from '../json.js';
import { problemBody, type ProblemBody, type ProblemInit } from '../problem.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';

/**
 * Sends a problem as `application/problem+json`. The status of the problem is that of the response.
 *
 * Source: RFC 9457.
 *
 * @publicApi
 */
export class ProblemResponse extends BufferedResponse<ProblemBody> {
  override readonly mediaType: string = 'application/problem+json';

  /**
   * Throws a `TypeError` if the problem is not an object or a standard member has a wrong type, and a `RangeError` if the
   * status is not an integer from 100 to 599.
   */
  constructor(problem: ProblemInit = {}, options?: Omit<ResponseOptions, 'statusCode'>) {
    if (!isObject(problem)) {
      throw new TypeError(
        `A problem must be an object of members, e.g. { status: 404 }, got ${inspect(problem)}.`,
      );
    }
    const content = problemBody(problem);
    super(content, { ...options, statusCode: content.status });
  }

  render({ stringify } = DEFAULT_SERVICES): string {
    return writeJSON(this.content, stringify);
  }
}
