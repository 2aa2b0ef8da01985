import type { StreamContent } from '../../libs/streams/index.js';
import { NDJSONResponse } from '../responses/streaming/ndjson-response.js';
import { ServerSentEventResponse } from '../responses/streaming/server-sent-event-response.js';
import type { Response } from '../responses/response.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type { DeclaredValue, HandlerDecorator, ItemDeclaration } from './handler-decorator.js';

/** Options of `@ApiStreamResponse()`. @publicApi */
export interface ApiStreamResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {}

/**
 * Declares that a route streams items in the form that its client asks for: as events to the `EventSource` of a
 * browser, as lines of JSON to `curl` and whoever accepts anything.
 *
 * @param options of `ApiResponse`, where `type`, `schema` or `standardSchema` is that of one item
 *
 * @publicApi
 */
export function ApiStreamResponse<const TOptions extends ApiStreamResponseOptions>(
  options: TOptions = {} as TOptions,
): HandlerDecorator<StreamContent<DeclaredValue<TOptions>> | Response> {
  return declareContent([NDJSONResponse, ServerSentEventResponse], options, { isItem: true });
}
