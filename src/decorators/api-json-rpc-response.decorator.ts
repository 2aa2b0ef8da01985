import { APIResponse } from '../responses/buffered/api-response.js';
import type { Response } from '../responses/response.js';
import { isAtLeast } from '../schemas/openapi-version.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type { HandlerDecorator, ItemDeclaration } from './handler-decorator.js';

/** Options of `@ApiJSONRPCResponse()`. @publicApi */
export interface ApiJSONRPCResponseOptions
  extends ItemDeclaration, Omit<ResponseDescription, 'status'>, ResponseExamples {}

/**
 * Documents that a route answers JSON-RPC requests with a `JSONRPCResponse` or a `JSONRPCErrorResponse`, always with
 * status 200.
 *
 * @param options the options of `ApiResponse`. `type`, `schema` or `standardSchema` declares the result
 *
 * @publicApi
 */
export function ApiJSONRPCResponse(
  options: ApiJSONRPCResponseOptions = {},
): HandlerDecorator<Response> {
  // A plain value has no `id`, so it cannot be a response.
  return declareContent(
    [APIResponse],
    { ...options, status: 200 },
    { wrap: envelopeOf, isMapped: false },
  );
}

/**
 * Returns the schema of an answer by that of its result. Source: JSON-RPC 2.0, section 5.
 *
 * @param openapi the version of the document. Swagger itself converts a schema of the default to later versions.
 */
function envelopeOf(result: object, openapi = '3.0.0'): object {
  const jsonrpc = { type: 'string', enum: ['2.0'] };
  const id = {
    description: 'The id of the request, or null if it could not be read.',
    oneOf: [
      isAtLeast(openapi, 1) ? { type: ['string', 'null'] } : { type: 'string', nullable: true },
      { type: 'number' },
    ],
  };
  return {
    oneOf: [
      {
        title: 'Result',
        type: 'object',
        required: ['jsonrpc', 'id', 'result'],
        properties: { jsonrpc, id, result },
      },
      {
        title: 'Error',
        type: 'object',
        required: ['jsonrpc', 'id', 'error'],
        properties: {
          jsonrpc,
          id,
          error: {
            type: 'object',
            required: ['code', 'message'],
            properties: {
              code: { type: 'integer' },
              message: { type: 'string' },
              data: { description: 'More about the error.' },
            },
          },
        },
      },
    ],
  };
}
