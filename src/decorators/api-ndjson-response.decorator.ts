import type { StreamContent } from '../../libs/streams/index.js';
import { NDJSONResponse } from '../responses/streaming/ndjson-response.js';
import type { Response } from '../responses/response.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type { DeclaredValue, HandlerDecorator, ItemDeclaration } from './handler-decorator.js';

/** Options of `@ApiNDJSONResponse()`. @publicApi */
export interface ApiNDJSONResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {}

/**
 * Declares that a route streams items as lines of JSON. A returned source becomes an `NDJSONResponse`.
 *
 * @param options the options of `ApiResponse`. `type`, `schema` or `standardSchema` declares one item
 *
 * @publicApi
 */
export function ApiNDJSONResponse<const TOptions extends ApiNDJSONResponseOptions>(
  options: TOptions = {} as TOptions,
): HandlerDecorator<StreamContent<DeclaredValue<TOptions>> | Response> {
  return declareContent([NDJSONResponse], options, { isItem: true });
}
