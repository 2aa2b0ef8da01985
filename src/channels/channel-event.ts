import { ServerSentEvent, type ServerSentEventInit } from '../../libs/event-stream/index.js';
import type { LogEntry, LogGap, LogRecord } from '../../libs/event-log/index.js';
import { writeJSON } from '../responses/json.js';

/** What is published: a type, data or both. A string is sent as it is, line by line; any other data as JSON. */
export type ChannelEventInit<TData = unknown, TEvent extends string = string> = Pick<
  ServerSentEventInit<TData, TEvent>,
  'event' | 'data'
>;

/** The data of the event `gap`, which tells a client that it may have missed events. */
export interface ChannelGap {
  /** The id after which the client asked to go on. */
  readonly after: string | null;
  /** The id of the oldest event that is retained, from which the stream goes on; null where none is. */
  readonly oldest: string | null;
}

/** An event of a channel, as it came from the log: its data is sent as the text that was kept, and read on demand. */
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

/** The events of the entries that are in memory, so that each is encoded once, however many clients it is sent to. */
const events = new WeakMap<LogEntry, ServerSentEvent>();

/** The event of an entry; the same one at each call. */
export function eventOf(entry: LogEntry): ServerSentEvent {
  let event = events.get(entry);
  if (!event) {
    event = new ChannelEvent(entry);
    events.set(entry, event);
  }
  return event;
}

/** The event that tells of a gap. Its id, where it has one, spares a client that leaves right after it a second one. */
export function gapEvent({ after, oldest, id }: LogGap): ServerSentEvent<ChannelGap, 'gap'> {
  const data = { after: after ?? null, oldest: oldest ?? null };
  return new ServerSentEvent({ event: 'gap', data, id });
}

/** What is kept of an event. Throws a `TypeError` for one that cannot be sent, or that JSON cannot hold. */
export function recordOf({ event, data }: ChannelEventInit): LogRecord {
  // Refuses what no stream could carry, where it is published.
  void new ServerSentEvent({ event, data });
  if (data === undefined || typeof data === 'string') {
    return { event, data };
  }
  return { event, data: writeJSON(data, JSON.stringify), isJSON: true };
}
