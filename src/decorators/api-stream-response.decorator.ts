import { NDJSONResponse } from '../responses/streaming/ndjson-response.js';
import { ServerSentEventResponse } from '../responses/streaming/server-sent-event-response.js';
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

/** Options of `@ApiStreamResponse()`. @publicApi */
export interface ApiStreamResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {}

/**
 * Declares that a route streams items in the format that the client requests: as events for an `EventSource`, or as
 * lines of JSON for `curl` and other clients that accept anything.
 *
 * @param options the options of `ApiResponse`. `type`, `schema` or `standardSchema` declares one item
 *
 * @publicApi
 */
export function ApiStreamResponse<const TOptions extends ApiStreamResponseOptions>(
  options: TOptions = {} as TOptions,
): StreamHandlerDecorator<TOptions, DeclaredValue<TOptions>> {
  return declareContent([NDJSONResponse, ServerSentEventResponse], options, { isItem: true });
}
