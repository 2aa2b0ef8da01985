import type { ApiResponseOptions } from '@nestjs/swagger';
import type { ResponseDescription, ResponseExamples } from './declare-content.js';
import { documentError } from './error-form.js';

/** Options of `@ApiErrorResponse()`. @publicApi */
export interface ApiErrorResponseOptions extends ResponseDescription, ResponseExamples {
  /** @default 400 */
  readonly status?: ApiResponseOptions['status'];
}

/**
 * Documents an error of a route, or of all routes of a controller. The body is that of an `APIErrorResponse`, `{
 * detail, error, status_code }`. With `errors: 'problem'`, it is that of a `ProblemResponse`.
 *
 * @param options the options of `ApiResponse`
 *
 * @publicApi
 */
export function ApiErrorResponse({
  status = 400,
  ...options
}: ApiErrorResponseOptions = {}): MethodDecorator & ClassDecorator {
  return documentError({ ...options, status }, undefined);
}
