import type { ApiResponseOptions } from '@nestjs/swagger';
import type { ResponseDescription, ResponseExamples } from './declare-content.js';
import { documentError } from './error-form.js';

/** Options of `@ApiProblemResponse()`. @publicApi */
export interface ApiProblemResponseOptions extends ResponseDescription, ResponseExamples {
  /** @default 500, the default of `ProblemResponse` */
  readonly status?: ApiResponseOptions['status'];
  /** The `type` of the problem, a URI reference. @default any */
  readonly type?: string;
}

/**
 * Documents a problem (RFC 9457) of a route, or of all routes of a controller. The body is that of a `ProblemResponse`.
 *
 * @param options the options of `ApiResponse`
 *
 * @publicApi
 */
export function ApiProblemResponse({
  status = 500,
  type,
  ...options
}: ApiProblemResponseOptions = {}): MethodDecorator & ClassDecorator {
  return documentError({ ...options, status }, 'problem', type);
}
