import type { ServerSentEvent } from '../../libs/event-stream/index.js';
import { ServerSentEventResponse } from '../responses/streaming/server-sent-event-response.js';
import type { DeclaredData } from './declaration.js';
import {
  declareContent,
  type ResponseDescription,
  type ResponseExamples,
} from './declare-content.js';
import type {
  DataOf,
  DeclaredValue,
  ItemDeclaration,
  StreamHandlerDecorator,
} from './handler-decorator.js';

/** Options of `@ApiServerSentEventResponse()`. @publicApi */
export interface ApiServerSentEventResponseOptions
  extends ItemDeclaration, ResponseDescription, ResponseExamples {
  /**
   * The data of each named event: a class, `[Class]`, a Standard Schema or an OpenAPI Schema Object. Replaces the
   * declaration of unnamed events. @default none
   */
  readonly events?: Readonly<Record<string, DeclaredData>>;
}

/** The items of a declared event stream. */
type DeclaredEvent<TOptions> = TOptions extends {
  readonly events: infer TEvents extends Readonly<Record<string, DeclaredData>>;
}
  ? {
      [TName in keyof TEvents & string]: ServerSentEvent<DataOf<TEvents[TName]>, TName>;
    }[keyof TEvents & string]
  : DeclaredValue<TOptions> | ServerSentEvent<DeclaredValue<TOptions>>;

/**
 * Declares that a route streams server-sent events. A returned source becomes a `ServerSentEventResponse`.
 *
 * @param options the options of `ApiResponse`. `type`, `schema` or `standardSchema` declares the data of an event, and
 * `events` declares the data of named events
 *
 * @publicApi
 */
export function ApiServerSentEventResponse<
  const TOptions extends ApiServerSentEventResponseOptions,
>(options: TOptions = {} as TOptions): StreamHandlerDecorator<TOptions, DeclaredEvent<TOptions>> {
  return declareContent([ServerSentEventResponse], options, { isItem: true });
}
