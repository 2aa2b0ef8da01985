import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { collect, type BodyFormat, type CollectOptions } from './collect.js';
import type { StreamedResponse } from './streamed-response.js';

/**
 * An event as received by a client. Contains only the fields that were sent.
 *
 * @publicApi
 */
export interface CollectedEvent<TData = unknown> {
  /** The event type. Without one, an `EventSource` dispatches a `message`. */
  readonly event?: string;
  /** The parsed value if the text is JSON, otherwise the text. Always the text with `{ data: 'text' }`. */
  readonly data: TData;
  /** Sent back by the client as `Last-Event-ID` when it reconnects. */
  readonly id?: string;
  /** The reconnection time in milliseconds, sent with this event or since the previous one. */
  readonly retry?: number;
}

/** Options of `collectEvents()`. @publicApi */
export interface CollectEventsOptions extends CollectOptions {
  /**
   * `'json'` parses the data of an event if it is JSON, and returns text otherwise. `'text'` always returns the text,
   * e.g. to tell the text `"1"` from the number. @default 'json'
   */
  readonly data?: 'json' | 'text';
}

/**
 * Collects the events of an event stream, in order, as an `EventSource` receives them. Skips comments and heartbeats.
 * Includes the event `error` that reports a failed source.
 *
 * Rejects with a `CollectError`, which holds the events received so far, if the media type is not `text/event-stream`,
 * the status is not 2xx, the body is cut or ends within an event, or the signal is aborted. Rejects with a `TypeError`
 * for a value that is not a response, and with a `RangeError` if `take` is not a positive integer.
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
    // The parser waits for a line feed that would complete this line ending.
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
