import { NDJSONResponse } from '../responses/streaming/ndjson-response.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type {
  DeclaredValue,
  ItemDeclaration,
  StreamHandlerDecorator,
} from './handler-decorator.js';

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
): StreamHandlerDecorator<TOptions, DeclaredValue<TOptions>> {
  return declareContent([NDJSONResponse], options, { isItem: true });
}
