import { Logger, ServiceUnavailableException } from '@nestjs/common';
import { setImmediate, setTimeout } from 'node:timers/promises';
import {
  ChannelEndedError,
  EventLogUnavailableError,
  type EventLog,
  type LogEntry,
  type LogRecord,
} from '../../libs/event-log/index.js';
import { isServerSentEvent } from '../../libs/event-stream/index.js';
import { feed, isStreamContent, type StreamContent } from '../../libs/streams/index.js';
import { DEFAULT_SERVICES, type RunServices } from '../responses/services.js';
import { recordOf } from './channel-event.js';

/** The number of items of a pull source that are buffered before they are published. */
const MAX_WAITING = 16;
/**
 * The number of events that are published before the event loop can run other work, because a log in memory never
 * waits.
 */
const TURN = 64;
/** The time between attempts to reach a log, in milliseconds: the first, and the longest. */
const FIRST_DELAY = 50;
const MAX_DELAY = 2000;
/** The number of entries that may follow the last one of a run while the log could not be reached. */
const MAX_MISSED = 1000;
/** The time a run has to publish that it was stopped, in milliseconds. */
const STOP_TIMEOUT = 1000;

const logger = new Logger('EventChannels');

/** Publishes the items of a source to a channel in their order, then ends the channel. */
export class ChannelRun {
  /** Resolves when everything is published and the channel has ended. Its rejection need not be handled. */
  readonly done: Promise<void>;
  readonly #log: EventLog;
  readonly #channel: string;
  readonly #describeError: RunServices['describeError'];
  readonly #stopSource: () => void;
  readonly #stopping = new AbortController();
  /** Decodes a source of bytes. Keeps a character that is split between chunks. */
  readonly #decoder = new TextDecoder();
  /** Records that are not published yet, the oldest at `#next`. */
  #waiting: LogRecord[] = [];
  #next = 0;
  /** True if nothing more is added to `#waiting`. */
  #isOver = false;
  #isClosed = false;
  #wakeRun: () => void = () => undefined;
  #wakeSource: () => void = () => undefined;
  /** The id of the last entry of the channel that is known. */
  #last: string | undefined;

  constructor(
    log: EventLog,
    channel: string,
    source: StreamContent<unknown>,
    describeError: RunServices['describeError'] = DEFAULT_SERVICES.describeError,
  ) {
    if (!isStreamContent(source)) {
      throw new TypeError(
        `publishAll() publishes the items of an Observable, an iterable or a stream, got ${typeof source}. ` +
          'Use publish() for a single event.',
      );
    }
    this.#log = log;
    this.#channel = channel;
    this.#describeError = describeError;
    const subject = `The source of the channel ${JSON.stringify(channel)}`;
    const isClosed = () => this.#isClosed;
    this.#stopSource = feed<unknown, LogRecord | undefined>(
      source,
      {
        get isClosed() {
          return isClosed();
        },
        takesNext: () => this.#waiting.length - this.#next < MAX_WAITING,
        ready: () =>
          new Promise((resolve) => {
            this.#wakeSource = resolve;
          }),
        push: (record) => this.#push(record),
      },
      {
        encode: (item) => this.#recordOf(item),
        onEnd: () => {
          const rest = this.#decoder.decode();
          this.#push(rest === '' ? undefined : { data: rest });
          this.#finish();
        },
        onError: (error) => {
          logger.error(`${subject} failed.`, stackOf(error));
          this.#fail(error);
        },
        onStopError: (error) =>
          logger.error(`${subject} failed while it was stopped.`, stackOf(error)),
      },
    );
    this.done = this.#run();
    this.done.catch((error: unknown) =>
      logger.error(
        `${subject} was stopped, because its items cannot be published.`,
        stackOf(error),
      ),
    );
  }

  /** Stops the source and publishes an error in the channel. */
  stop(): void {
    if (!this.#isOver) {
      this.#stopSource();
      logger.warn(
        `The source of the channel ${JSON.stringify(this.#channel)} was stopped by the shutdown.`,
      );
      this.#fail(new ServiceUnavailableException('The server is shutting down.'));
    }
    this.#stopping.abort();
  }

  #recordOf(item: unknown): LogRecord | undefined {
    if (isServerSentEvent(item)) {
      const { event, data } = item;
      return event === undefined && data === undefined ? undefined : recordOf({ event, data });
    }
    if (item instanceof Uint8Array) {
      const data = this.#decoder.decode(item, { stream: true });
      return data === '' ? undefined : { data };
    }
    return recordOf({ data: item ?? null });
  }

  #push(record: LogRecord | undefined): void {
    if (record && !this.#isOver) {
      this.#waiting.push(record);
      this.#wakeRun();
    }
  }

  #fail(error: unknown): void {
    this.#push(this.#errorRecord(error));
    this.#finish();
  }

  #errorRecord(error: unknown): LogRecord {
    try {
      return recordOf({ event: 'error', data: this.#describeError(error) });
    } catch (failure) {
      // E.g. an exception whose details JSON cannot represent.
      logger.error('An event "error" cannot describe its exception.', stackOf(failure));
      return recordOf({ event: 'error', data: this.#describeError(undefined) });
    }
  }

  #finish(): void {
    this.#isOver = true;
    this.#wakeRun();
  }

  async #run(): Promise<void> {
    try {
      await this.#findLast();
      await this.#publishWaiting();
      await this.#persist(() => this.#log.end(this.#channel));
    } finally {
      this.#isClosed = true;
      this.#isOver = true;
      this.#stopSource();
      this.#wakeSource();
    }
  }

  async #findLast(): Promise<void> {
    const { last, isEnded } = await this.#persist(() =>
      this.#log.read(this.#channel, undefined, 0),
    );
    if (isEnded) {
      throw new ChannelEndedError(this.#channel);
    }
    this.#last = last;
  }

  async #publishWaiting(): Promise<void> {
    for (let count = 1; ; count++) {
      const record = this.#take();
      if (record) {
        try {
          await this.#publish(record);
        } catch (error) {
          if (error instanceof ChannelEndedError) {
            // The channel was ended elsewhere.
            return;
          }
          throw error;
        }
        if (count % TURN === 0) {
          await setImmediate();
        }
        this.#wakeSource();
      } else if (this.#isOver) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeRun = resolve;
        });
      }
    }
  }

  #take(): LogRecord | undefined {
    const record = this.#waiting[this.#next];
    if (record) {
      this.#next += 1;
      // Removed in batches, because `shift()` would move all waiting records each time.
      if (this.#next === this.#waiting.length) {
        this.#waiting = [];
        this.#next = 0;
      } else if (this.#next === 1024) {
        this.#waiting.splice(0, this.#next);
        this.#next = 0;
      }
    }
    return record;
  }

  async #publish(record: LogRecord): Promise<void> {
    let isUnknown = false;
    this.#last = await this.#persist(async () => {
      // Without a reply, it is unknown if the log has stored the event. Publishing it again might duplicate it.
      const kept = isUnknown ? await this.#find(record) : undefined;
      isUnknown = true;
      return kept ?? this.#log.append(this.#channel, record);
    });
  }

  /** Finds the id of an event that may have been stored. */
  async #find(record: LogRecord): Promise<string | undefined> {
    const { entries } = await this.#log.read(this.#channel, this.#last, MAX_MISSED);
    return entries.find((entry) => isOf(entry, record))?.id;
  }

  /** Retries a call to the log until it can be reached, or until the run is stopped. */
  async #persist<TResult>(call: () => Promise<TResult>): Promise<TResult> {
    const { signal } = this.#stopping;
    for (let delay = FIRST_DELAY; ; delay = Math.min(2 * delay, MAX_DELAY)) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError) || signal.aborted) {
          throw error;
        }
        await setTimeout(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

/** Stops runs and waits until they have published an error in their channels, up to a limit. */
export async function stopRuns(runs: Iterable<ChannelRun>): Promise<void> {
  const all = [...runs];
  all.forEach((run) => run.stop());
  const stopped = Promise.allSettled(all.map(({ done }) => done));
  const timeout = new AbortController();
  await Promise.race([
    stopped,
    setTimeout(STOP_TIMEOUT, undefined, { signal: timeout.signal }).catch(() => undefined),
  ]);
  timeout.abort();
}

function isOf({ event, data, isJSON, isEnd }: LogEntry, record: LogRecord): boolean {
  return !isEnd && event === record.event && data === record.data && !isJSON === !record.isJSON;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
