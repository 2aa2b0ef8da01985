import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { collect, type BodyFormat, type CollectOptions } from './collect.js';
import type { StreamedResponse } from './streamed-response.js';

/**
 * An event as a client gets it, with those fields alone that it was sent with.
 *
 * @publicApi
 */
export interface CollectedEvent<TData = unknown> {
  /** Its type; without one, it is a `message` to an `EventSource`. */
  readonly event?: string;
  /** The value where the text is JSON, otherwise the text; always the text with `{ data: 'text' }`. */
  readonly data: TData;
  /** What the client sends back when it reconnects, as text. */
  readonly id?: string;
  /** In milliseconds: sent with this event, or since the one before it. */
  readonly retry?: number;
}

/** Options of `collectEvents()`. @publicApi */
export interface CollectEventsOptions extends CollectOptions {
  /**
   * `'json'` gives the data of an event as a value where its text is JSON, and as text where it is not; `'text'` gives it
   * as it was sent, e.g. to tell the text `"1"` from the number. @default 'json'
   */
  readonly data?: 'json' | 'text';
}

/**
 * The events of an event stream, in order, as an `EventSource` gets them: comments and heartbeats are none. An event
 * `error`, which tells of a source that failed, is an event like any other.
 *
 * Rejects with a `CollectError` that holds what was received before: where the response has another media type than
 * `text/event-stream` or a status other than 2xx, where the body is cut or ends within an event, and where the signal is
 * aborted. Rejects with a `TypeError` for what is no response, and with a `RangeError` for a `take` that is no positive
 * integer.
 *
 * Source: WHATWG HTML, 9.2.5 "Parsing an event stream".
 *
 * @publicApi
 */
export function collectEvents(
  response: StreamedResponse,
  options: CollectEventsOptions & { readonly data: 'text' },
): Promise<CollectedEvent<string>[]>;
export function collectEvents<TData = unknown>(
  response: StreamedResponse,
  options?: CollectEventsOptions,
): Promise<CollectedEvent<TData>[]>;
export function collectEvents(
  response: StreamedResponse,
  { data = 'json', ...options }: CollectEventsOptions = {},
): Promise<CollectedEvent[]> {
  const format: BodyFormat<CollectedEvent> = {
    mediaTypes: ['text/event-stream'],
    items: 'events',
    parse: (texts) => readEvents(texts, data === 'json' ? valueOf : String),
  };
  return collect(response, format, options);
}

async function* readEvents(
  texts: AsyncIterable<string>,
  read: (text: string) => unknown,
): AsyncGenerator<CollectedEvent> {
  const arrived: CollectedEvent[] = [];
  let retry: number | undefined;
  const parser = createParser({
    onRetry: (milliseconds) => {
      retry = milliseconds;
    },
    onEvent: ({ event, data, id }: EventSourceMessage) => {
      arrived.push({
        ...(event !== undefined && { event }),
        data: read(data),
        ...(id !== undefined && { id }),
        ...(retry !== undefined && { retry }),
      });
      retry = undefined;
    },
  });
  let end = '';
  for await (const text of texts) {
    parser.feed(text);
    end = `${end}${text}`.slice(-4);
    yield* arrived.splice(0);
  }
  if (!ENDS_WITH_EMPTY_LINE.test(end)) {
    throw new SyntaxError('The stream ends within an event, without the empty line that ends it.');
  }
  if (end.endsWith('\r')) {
    // The parser waits for a line feed, which belongs to this end of line.
    parser.feed('\n');
    yield* arrived;
  }
}

const ENDS_WITH_EMPTY_LINE = /^$|^(\r\n|\r|\n)$|(\r\n|\r|\n)(\r\n|\r|\n)$/;

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
