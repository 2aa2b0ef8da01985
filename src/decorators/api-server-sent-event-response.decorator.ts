import type { ServerSentEvent } from '../../libs/event-stream/index.js';
import type { StreamContent } from '../../libs/streams/index.js';
import { ServerSentEventResponse } from '../responses/streaming/server-sent-event-response.js';
import type { Response } from '../responses/response.js';
import type { DeclaredData } from './declaration.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type {
  DataOf,
  DeclaredValue,
  HandlerDecorator,
  ItemDeclaration,
} from './handler-decorator.js';

/** Options of `@ApiServerSentEventResponse()`. @publicApi */
export interface ApiServerSentEventResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {
  /**
   * The data of each named event, in place of that of events without a name: a class, `[Class]`, a Standard Schema or a
   * Schema Object of OpenAPI. @default none
   */
  readonly events?: Readonly<Record<string, DeclaredData>>;
}

/** The items that a declared event stream is made of. */
type DeclaredEvent<TOptions> = TOptions extends {
  readonly events: infer TEvents extends Readonly<Record<string, DeclaredData>>;
}
  ? {
      [TName in keyof TEvents & string]: ServerSentEvent<DataOf<TEvents[TName]>, TName>;
    }[keyof TEvents & string]
  : DeclaredValue<TOptions> | ServerSentEvent<DeclaredValue<TOptions>>;

/**
 * Declares that a route streams server-sent events: what it returns becomes a `ServerSentEventResponse`.
 *
 * @param options of `ApiResponse`, where `type`, `schema` or `standardSchema` is that of the data of an event, and
 * `events` gives named events the class or schema of their data
 *
 * @publicApi
 */
export function ApiServerSentEventResponse<
  const TOptions extends ApiServerSentEventResponseOptions,
>(
  options: TOptions = {} as TOptions,
): HandlerDecorator<StreamContent<DeclaredEvent<TOptions>> | Response> {
  return declareContent([ServerSentEventResponse], options, { isItem: true });
}
