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

/** Options for following a channel. */
export interface FollowOptions {
  /** The id of the last event that the client has received. Later events come first. @default none */
  readonly after?: string | undefined;
  /** The start without `after`: new events only, or all retained events. @default 'now' */
  readonly from?: 'now' | 'start' | undefined;
  /** Ends the iteration when it aborts. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `EventChannels.respond()`. @publicApi */
export type ChannelResponseOptions = FollowOptions & ServerSentEventResponseOptions;

/**
 * Channels of events that clients follow across reconnects, restarts and machines. A channel needs no set-up: any
 * string is a name. An unused channel takes no space once its events are no longer retained.
 *
 * @publicApi
 */
export class EventChannels {
  readonly #log: EventLog;
  readonly #tails: ChannelTails;
  readonly #services: RunServices | undefined;
  readonly #runs = new Set<ChannelRun>();
  #isClosed = false;

  /** @param services provided by `ResponsesModule` @default none: the shutdown does not wait for `publishAll()` */
  constructor(log: EventLog, services?: RunServices) {
    this.#log = log;
    this.#tails = new ChannelTails(log);
    this.#services = services;
  }

  /**
   * Publishes an event to all current and future followers of a channel, as long as it is retained. Does not wait for
   * clients.
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
   * Publishes each item of a source, then ends the channel. Continues when clients disconnect. Use it for a run that
   * outlives its clients, e.g. an answer of a language model that a reloaded page continues to read.
   *
   * For a `ServerSentEvent`, publishes its type and data. Skips one without both, e.g. a heartbeat. A string is
   * published as is, any other item as JSON, and bytes as UTF-8 text. Sources other than an Observable are read as fast
   * as the log accepts events. Publishing waits while the log cannot be reached.
   *
   * If the source fails, the error is logged and published as an event `error`, with the same data as in streams of
   * this application, and the channel ends. The same happens to a source that is still running after `shutdownTimeout`
   * when the application shuts down. If the channel is ended elsewhere, the source is stopped.
   *
   * Throws a `TypeError` if `source` is not a source of items. Rejects with a `ChannelEndedError` if the channel had
   * already ended, and with errors of the log. Both are also logged, so the promise need not be handled.
   *
   * @returns resolves when everything is published and the channel has ended
   */
  publishAll(channel: string, source: StreamContent<unknown>): Promise<void> {
    this.#checkOpen();
    const run = new ChannelRun(this.#log, channel, source, this.#services?.describeError);
    this.#runs.add(run);
    const done = run.done.finally(() => this.#runs.delete(run));
    // Logged by the run. Most callers do not handle it.
    const settled = done.catch(() => undefined);
    this.#services?.track(settled);
    return done;
  }

  /**
   * Ends a channel. Its streams end after the remaining events. A client that reconnects with the last id gets a 204,
   * so that its `EventSource` stops. Does nothing if the channel has already ended.
   */
  async end(channel: string): Promise<void> {
    this.#checkOpen();
    await this.#log.end(channel);
  }

  /**
   * Follows the events of a channel. With `after`, yields the events published since, then new ones, without gaps or
   * duplicates. Without it, yields events from the first read on. If events after `after` may be missing, yields an
   * event `gap` with `{ after, oldest }` (see `ChannelGap`), then all retained events.
   *
   * Uses no resources before the first read. Ends with the channel, with the application, or when `signal` aborts.
   */
  follow(
    channel: string,
    { after, from = 'now', signal }: FollowOptions = {},
  ): AsyncIterableIterator<ServerSentEvent, undefined, undefined> {
    const other = from === 'start' ? 'oldest' : 'newest';
    return this.#follow(channel, after === undefined ? other : { after }, signal);
  }

  /**
   * Responds with the events of a channel: an event stream, or a 204 if the channel has ended and the client has
   * received everything. While the log cannot be reached, the stream is open and waits.
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
    // The stream includes events that are published before it is read.
    const start: FollowStart | undefined = isNow && page ? { after: page.last } : undefined;
    const events = start
      ? this.#follow(channel, start, signal)
      : this.follow(channel, { after, from, signal });
    return new ServerSentEventResponse(events, options);
  }

  /** Stops all runs of `publishAll()`, ends all followers, and closes the log. */
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

  /** Reads a page of the log. Returns undefined while the log cannot be reached. */
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
      throw new Error('The event channels are closed, because the application has shut down.');
    }
  }
}

/** True if an id is that of the last event of an ended channel, or of its end. */
function hasNothingAfter({ entries: [first], last }: LogPage, after: string | undefined): boolean {
  return after !== undefined && (first ? first.isEnd && first.previous === after : last === after);
}
