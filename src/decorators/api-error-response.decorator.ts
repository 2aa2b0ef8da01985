import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiResponse,
  getSchemaPath,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { APIResponse } from '../responses/buffered/api-response.js';
import { APIError } from './api-error.js';
import { documentedOnly } from './declaration.js';
import type { ResponseDescription, ResponseExamples } from './declare-content.js';

/** Options of `@ApiErrorResponse()`. @publicApi */
export interface ApiErrorResponseOptions extends ResponseDescription, ResponseExamples {
  /** @default 400 */
  readonly status?: ApiResponseOptions['status'];
}

/**
 * Documents an error that a route, or each route of a controller, may answer: its body is that of an
 * `APIErrorResponse`, `{ detail, error, status_code }`.
 *
 * @param options of `ApiResponse`
 *
 * @publicApi
 */
export function ApiErrorResponse({
  status = 400,
  description = STATUS_CODES[status],
  examples,
  example = examples ? undefined : exampleOf(status),
  ...options
}: ApiErrorResponseOptions = {}): MethodDecorator & ClassDecorator {
  const media = {
    schema: { $ref: getSchemaPath(APIError) },
    ...(example !== undefined && { example }),
    ...(examples && { examples: { ...examples } }),
  };
  return applyDecorators(
    ApiExtraModels(APIError),
    ApiResponse({
      ...options,
      ...documentedOnly(),
      status,
      description: description ?? 'An error.',
      content: Object.fromEntries(APIResponse.mediaTypes.map((mediaType) => [mediaType, media])),
    }),
  );
}

function exampleOf(status: number | string): APIError | undefined {
  const detail = STATUS_CODES[status];
  return detail === undefined ? undefined : { detail, error: null, status_code: Number(status) };
}
