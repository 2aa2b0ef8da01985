import type { ServerSentEvent } from '../../libs/event-stream/index.js';
import {
  ChannelFollower,
  ChannelTails,
  EventLogUnavailableError,
  type EventLog,
  type FollowStart,
  type LogPage,
} from '../../libs/event-log/index.js';
import { EmptyResponse } from '../responses/buffered/empty-response.js';
import {
  ServerSentEventResponse,
  type ServerSentEventResponseOptions,
} from '../responses/streaming/server-sent-event-response.js';
import type { StreamContent } from '../../libs/streams/index.js';
import type { RunServices } from '../responses/services.js';
import { ChannelRun, stopRuns } from './channel-run.js';
import { eventOf, gapEvent, recordOf, type ChannelEventInit } from './channel-event.js';

/** Where the events of a channel are followed from. */
export interface FollowOptions {
  /** The id of the last event that the client has seen; what was published since comes first. @default none */
  readonly after?: string | undefined;
  /** Where to begin without `after`: with what comes from now on, or with all that is retained. @default 'now' */
  readonly from?: 'now' | 'start' | undefined;
  /** Ends the events when it aborts. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** Where the events of a channel are followed from, and how they are sent. @publicApi */
export type ChannelResponseOptions = FollowOptions & ServerSentEventResponseOptions;

/**
 * Channels of events that clients follow across reconnects, restarts and machines. A channel is there by its name, any
 * string; nothing is left of one that nobody follows once its events are no longer retained.
 *
 * @publicApi
 */
export class EventChannels {
  readonly #log: EventLog;
  readonly #tails: ChannelTails;
  readonly #services: RunServices | undefined;
  readonly #runs = new Set<ChannelRun>();
  #isClosed = false;

  /** @param services those of `ResponsesModule` @default none: the shutdown does not wait for `publishAll()` */
  constructor(log: EventLog, services?: RunServices) {
    this.#log = log;
    this.#tails = new ChannelTails(log);
    this.#services = services;
  }

  /**
   * Publishes an event to all who follow a channel, now or later while it is retained. Does not wait for clients.
   *
   * Rejects with a `TypeError` for an event that cannot be sent, a `ChannelEndedError` after `end()`, and an
   * `EventLogUnavailableError` while the log cannot be reached.
   *
   * @returns the id of the event
   */
  async publish(channel: string, event: ChannelEventInit): Promise<string> {
    this.#checkOpen();
    return this.#log.append(channel, recordOf(event));
  }

  /**
   * Publishes each item of a source, then ends the channel. It goes on when clients leave: use it for a run that outlives
   * them, e.g. an answer of a language model that a reloaded page goes on reading.
   *
   * Of a `ServerSentEvent`, its type and data are published; one without both, e.g. a heartbeat, is left out. A string is
   * published as it is, any other item as JSON, and bytes as UTF-8 text. Sources other than an Observable are read as
   * fast as the log takes the events. While the log cannot be reached, publishing waits.
   *
   * A source that fails is logged, published as an event `error` with the data that the streams of this application send,
   * and ends the channel. So is a source that the shutdown of the application has to stop after `shutdownTimeout`. If
   * somebody else ends the channel, the source is stopped.
   *
   * Throws a `TypeError` if `source` is not a source of items. Rejects with a `ChannelEndedError` if the channel has ended
   * before, and with errors of the log. Both are logged too, so that the promise may be left alone.
   *
   * @returns resolves when everything is published and the channel has ended
   */
  publishAll(channel: string, source: StreamContent<unknown>): Promise<void> {
    this.#checkOpen();
    const run = new ChannelRun(this.#log, channel, source, this.#services?.describeError);
    this.#runs.add(run);
    const done = run.done.finally(() => this.#runs.delete(run));
    // Logged by the run, and left alone by most callers.
    const settled = done.catch(() => undefined);
    this.#services?.track(settled);
    return done;
  }

  /**
   * Ends a channel: its streams end once they have delivered what is left, and a client that reconnects with the last
   * id is answered 204, so that its `EventSource` stops. Ending it again does nothing.
   */
  async end(channel: string): Promise<void> {
    this.#checkOpen();
    await this.#log.end(channel);
  }

  /**
   * The events of a channel: with `after`, what was published since, then what comes, with no gap and no double;
   * without, what comes from the first read on. Where events after `after` may be missing, an event `gap` with
   * `{ after, oldest }` (see `ChannelGap`), then all that is retained.
   *
   * Nothing is held before the first read. Ends with the channel, the application, or when `signal` aborts.
   */
  follow(
    channel: string,
    { after, from = 'now', signal }: FollowOptions = {},
  ): AsyncIterableIterator<ServerSentEvent, undefined, undefined> {
    const other = from === 'start' ? 'oldest' : 'newest';
    return this.#follow(channel, after === undefined ? other : { after }, signal);
  }

  /**
   * The events of a channel as a response: an event stream, or 204 where the channel has ended and nothing is left for
   * the client. While the log cannot be reached the stream is open and waits.
   *
   * @param options those of `follow()` and of `ServerSentEventResponse`
   */
  async respond(
    channel: string,
    { after, from = 'now', signal, ...options }: ChannelResponseOptions = {},
  ): Promise<ServerSentEventResponse<ServerSentEvent> | EmptyResponse> {
    const isNow = after === undefined && from === 'now';
    const page = await this.#look(channel, after, isNow ? 0 : 1);
    if (page?.isEnded && (isNow || hasNothingAfter(page, after))) {
      return new EmptyResponse();
    }
    // What is published before the stream is read belongs to it as well.
    const start: FollowStart | undefined = isNow && page ? { after: page.last } : undefined;
    const events = start
      ? this.#follow(channel, start, signal)
      : this.follow(channel, { after, from, signal });
    return new ServerSentEventResponse(events, options);
  }

  /** Stops what `publishAll()` still publishes, ends all that is followed, and closes the log. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await stopRuns(this.#runs);
    this.#tails.stop();
    await this.#log.close();
  }

  #follow(
    channel: string,
    start: FollowStart,
    signal: AbortSignal | undefined,
  ): ChannelFollower<ServerSentEvent> {
    this.#checkOpen();
    return new ChannelFollower(
      this.#tails,
      channel,
      start,
      { fromEntry: eventOf, fromGap: gapEvent },
      signal,
    );
  }

  /** A page of the log; undefined while it cannot be reached. */
  async #look(
    channel: string,
    after: string | undefined,
    count: number,
  ): Promise<LogPage | undefined> {
    this.#checkOpen();
    try {
      return await this.#log.read(channel, after, count);
    } catch (error) {
      if (error instanceof EventLogUnavailableError) {
        return undefined;
      }
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) {
      throw new Error('The event channels are closed, as the application has shut down.');
    }
  }
}

/** Whether an id is that of the last event of an ended channel, or of its end. */
function hasNothingAfter({ entries: [first], last }: LogPage, after: string | undefined): boolean {
  return after !== undefined && (first ? first.isEnd && first.previous === after : last === after);
}
