import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { EventLogUnavailableError } from '../../../libs/event-log/index.js';
import { BEFORE_ALL, compareEntryIds } from './entry-id.js';
import type { RedisConnection } from './redis-connection.js';
import type { StreamMessage } from './redis-handle.js';

/** Who waits for the entries of a stream that come after one. */
interface Wait {
  readonly after: string;
  readonly resolve: (messages: readonly StreamMessage[]) => void;
  readonly reject: (error: unknown) => void;
}

/** How long one `XREAD` waits, in milliseconds; it bounds how long what was left is still read. */
const BLOCK = 5_000;
/** How many entries of each stream are read at once. */
const COUNT = 100;
const RETRY_DELAY = 250;
/** How long the stream outlives a process that was killed, in milliseconds. */
const WAKE_AGE = 60_000;

/**
 * Reads all streams that this process follows by one blocking `XREAD` at a time, on a connection of its own. A stream
 * of the reader's own is always among them: an entry there ends the wait when there is a stream to add, from whatever
 * moment on.
 */
export class StreamReader {
  readonly #blocking: RedisConnection;
  readonly #commands: RedisConnection;
  readonly #waits = new Map<string, Set<Wait>>();
  readonly #wakeKey: string;
  #wakeId = BEFORE_ALL;
  /** The streams of the `XREAD` under way. */
  #reading: ReadonlyMap<string, string> | undefined;
  #isWoken = false;
  #isRunning = false;

  /**
   * @param blocking the connection that waits
   * @param commands the connection by which it is woken
   * @param key the stream of the reader's own
   */
  constructor(blocking: RedisConnection, commands: RedisConnection, key: string) {
    this.#wakeKey = key;
    this.#blocking = blocking;
    this.#commands = commands;
  }

  /** The next entries of a stream after an id, as soon as there are any; none when `signal` aborts. */
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

  /** Resolves everything that waits with nothing, and drops the connection. */
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
      // What fails here fails for the reader as well, which then begins anew.
      this.#wake().catch(() => undefined);
    }
  }

  async #run(): Promise<void> {
    // Lets all that is followed in this turn be read by one command, and so after each answer.
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
