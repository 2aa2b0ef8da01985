import { ApiResponse } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import type { ResponseDescription } from './declare-content.js';
import { documentedOnly } from './declaration.js';

/** Options of `@ApiRedirectResponse()`. @publicApi */
export interface ApiRedirectResponseOptions extends Omit<ResponseDescription, 'status'> {
  /** @default 307 */
  readonly status?: 301 | 302 | 303 | 307 | 308;
}

/**
 * Documents that a route may redirect its client, e.g. with a `RedirectResponse`. Declare its other responses
 * separately.
 *
 * @param options the options of `ApiResponse`
 *
 * @publicApi
 */
export function ApiRedirectResponse({
  status = 307,
  description = STATUS_CODES[status],
  headers,
  ...options
}: ApiRedirectResponseOptions = {}): MethodDecorator & ClassDecorator {
  return ApiResponse({
    ...options,
    ...documentedOnly(),
    status,
    description,
    headers: {
      Location: {
        description: 'The URL that the client is redirected to.',
        required: true,
        schema: { type: 'string', format: 'uri-reference' },
      },
      ...headers,
    },
  });
}
