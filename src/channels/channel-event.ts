import { ServerSentEvent, type ServerSentEventInit } from '../../libs/event-stream/index.js';
import type { LogEntry, LogGap, LogRecord } from '../../libs/event-log/index.js';
import { writeJSON } from '../responses/json.js';

/**
 * The fields of an event to publish: a type, data or both. A string is sent as is, line by line; any other data as
 * JSON.
 */
export type ChannelEventInit<TData = unknown, TEvent extends string = string> = Pick<
  ServerSentEventInit<TData, TEvent>,
  'event' | 'data'
>;

/** The data of the event `gap`, which tells a client that it may have missed events. */
export interface ChannelGap {
  /** The id after which the client asked to resume. */
  readonly after: string | null;
  /** The id of the oldest retained event, at which the stream resumes. Null if there is none. */
  readonly oldest: string | null;
}

/** An event of a channel, read from the log. Its data is sent as the stored text, and parsed on demand. */
class ChannelEvent extends ServerSentEvent {
  readonly #isJSON: boolean;
  #value: unknown;

  constructor({ id, event, data, isJSON = false }: LogEntry) {
    super({ id, event, data });
    this.#isJSON = isJSON;
  }

  override get data(): unknown {
    const text = super.data;
    return this.#isJSON && typeof text === 'string' ? (this.#value ??= JSON.parse(text)) : text;
  }
}

/** The events of the log entries in memory, so that each is encoded once, even if it is sent to many clients. */
const events = new WeakMap<LogEntry, ServerSentEvent>();

/** Returns the event of an entry, the same one on each call. */
export function eventOf(entry: LogEntry): ServerSentEvent {
  let event = events.get(entry);
  if (!event) {
    event = new ChannelEvent(entry);
    events.set(entry, event);
  }
  return event;
}

/**
 * Returns the event that reports a gap. Its id, if any, prevents a second report to a client that disconnects right
 * after it.
 */
export function gapEvent({ after, oldest, id }: LogGap): ServerSentEvent<ChannelGap, 'gap'> {
  const data = { after: after ?? null, oldest: oldest ?? null };
  return new ServerSentEvent({ event: 'gap', data, id });
}

/**
 * Returns the stored form of an event. Throws a `TypeError` for an event that cannot be sent, or that JSON cannot
 * represent.
 */
export function recordOf({ event, data }: ChannelEventInit): LogRecord {
  // Rejects invalid events when they are published, not when they are sent.
  void new ServerSentEvent({ event, data });
  if (data === undefined || typeof data === 'string') {
    return { event, data };
  }
  return { event, data: writeJSON(data, JSON.stringify), isJSON: true };
}
