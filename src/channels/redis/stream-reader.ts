import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { EventLogUnavailableError } from '../../../libs/event-log/index.js';
import { BEFORE_ALL, compareEntryIds } from './entry-id.js';
import type { RedisConnection } from './redis-connection.js';
import type { StreamMessage } from './redis-handle.js';

/** A call that waits for the entries of a stream after an id. */
interface Wait {
  readonly after: string;
  readonly resolve: (messages: readonly StreamMessage[]) => void;
  readonly reject: (error: unknown) => void;
}

/** The time one `XREAD` waits, in milliseconds. Streams that are no longer followed are read for at most this long. */
const BLOCK = 5_000;
/** The number of entries of each stream that are read at once. */
const COUNT = 100;
const RETRY_DELAY = 250;
/** The time the stream outlives a process that was killed, in milliseconds. */
const WAKE_AGE = 60_000;

/**
 * Reads all streams that this process follows with one blocking `XREAD` at a time, on a separate connection. Always
 * includes the reader's own stream: an entry in it ends the wait when a stream must be added.
 */
export class StreamReader {
  readonly #blocking: RedisConnection;
  readonly #commands: RedisConnection;
  readonly #waits = new Map<string, Set<Wait>>();
  readonly #wakeKey: string;
  #wakeId = BEFORE_ALL;
  /** The streams of the current `XREAD`. */
  #reading: ReadonlyMap<string, string> | undefined;
  #isWoken = false;
  #isRunning = false;

  /**
   * @param blocking the connection that waits
   * @param commands the connection that wakes it
   * @param key the reader's own stream
   */
  constructor(blocking: RedisConnection, commands: RedisConnection, key: string) {
    this.#wakeKey = key;
    this.#blocking = blocking;
    this.#commands = commands;
  }

  /** Returns the next entries of a stream after an id, as soon as there are any. Returns none when `signal` aborts. */
  next(key: string, after: string, signal: AbortSignal): Promise<readonly StreamMessage[]> {
    return new Promise((resolve, reject) => {
      const waits = this.#waits.get(key) ?? new Set();
      const leave = () => {
        signal.removeEventListener('abort', stop);
        waits.delete(wait);
        if (waits.size === 0 && this.#waits.get(key) === waits) {
          this.#waits.delete(key);
        }
      };
      const wait: Wait = {
        after,
        resolve: (messages) => {
          leave();
          resolve(messages);
        },
        reject: (error) => {
          leave();
          reject(error as Error);
        },
      };
      const stop = () => wait.resolve([]);
      signal.addEventListener('abort', stop);
      waits.add(wait);
      this.#waits.set(key, waits);
      this.#readAlso(key, after);
    });
  }

  /** Resolves all waiting calls with nothing, and closes the connection. */
  close(): void {
    for (const waits of this.#waits.values()) {
      for (const wait of waits) {
        wait.resolve([]);
      }
    }
    this.#blocking.end();
  }

  #readAlso(key: string, after: string): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      void this.#run();
      return;
    }
    const from = this.#reading?.get(key);
    const isRead = !this.#reading || (from !== undefined && compareEntryIds(from, after) <= 0);
    if (!isRead && !this.#isWoken) {
      this.#isWoken = true;
      // A failure here affects the reader too, which then starts again.
      this.#wake().catch(() => undefined);
    }
  }

  async #run(): Promise<void> {
    // Waits one turn, so that one command reads all streams that are added in it.
    while ((await nextTurn(), this.#waits.size > 0)) {
      try {
        await this.#read();
      } catch (error) {
        if (error instanceof EventLogUnavailableError) {
          await pause(RETRY_DELAY);
        } else {
          this.#fail(error);
        }
      }
    }
    this.#isRunning = false;
  }

  async #read(): Promise<void> {
    const reading = new Map<string, string>([[this.#wakeKey, this.#wakeId]]);
    for (const [key, waits] of this.#waits) {
      const [first = BEFORE_ALL, ...others] = Array.from(waits, ({ after }) => after);
      reading.set(
        key,
        others.reduce((low, after) => (compareEntryIds(after, low) < 0 ? after : low), first),
      );
    }
    this.#reading = reading;
    this.#isWoken = false;
    try {
      const streams = Array.from(reading, ([key, id]) => ({ key, id }));
      const answer = await this.#blocking.run((client) => client.xRead(streams, { BLOCK, COUNT }));
      for (const { name, messages } of answer ?? []) {
        this.#give(name, messages);
      }
    } finally {
      this.#reading = undefined;
    }
  }

  #give(key: string, messages: readonly StreamMessage[]): void {
    const last = messages.at(-1);
    if (key === this.#wakeKey && last) {
      this.#wakeId = last.id;
    }
    for (const wait of this.#waits.get(key) ?? []) {
      const news = messages.filter(({ id }) => compareEntryIds(id, wait.after) > 0);
      if (news.length > 0) {
        wait.resolve(news);
      }
    }
  }

  #fail(error: unknown): void {
    for (const waits of this.#waits.values()) {
      for (const wait of waits) {
        wait.reject(error);
      }
    }
  }

  async #wake(): Promise<void> {
    const key = this.#wakeKey;
    const trim = { TRIM: { strategy: 'MAXLEN', threshold: 1 } };
    await this.#commands.run((client) =>
      Promise.all([client.xAdd(key, '*', { wake: '' }, trim), client.pExpire(key, WAKE_AGE)]),
    );
  }
}
