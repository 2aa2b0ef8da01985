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
 * Declares that a route streams items as lines of JSON: what it returns becomes an `NDJSONResponse`.
 *
 * @param options of `ApiResponse`, where `type`, `schema` or `standardSchema` is that of one item
 *
 * @publicApi
 */
export function ApiNDJSONResponse<const TOptions extends ApiNDJSONResponseOptions>(
  options: TOptions = {} as TOptions,
): HandlerDecorator<StreamContent<DeclaredValue<TOptions>> | Response> {
  return declareContent([NDJSONResponse], options, { isItem: true });
}
