import { randomBytes } from 'node:crypto';
import { ChannelEndedError } from './channel-ended.error.js';
import type { EventLog, LogEntry, LogPage, LogRecord } from './event-log.js';
import { checkRetention, PLACE_AGE, type Retention } from './retention.js';

interface StoredEntry extends LogEntry {
  readonly sequence: number;
  /** The time of publication, in milliseconds of a monotonic clock. */
  readonly time: number;
}

interface Channel {
  /** The retained entries, the oldest at `start`. */
  entries: StoredEntry[];
  start: number;
  last: StoredEntry;
}

/** The minimum time between searches for expired entries, in milliseconds. */
const SWEEP_INTERVAL = 60_000;

/**
 * Stores events in the memory of this process. Its ids contain the log and a sequence number, e.g. `7f3a9c2d41b0-17`,
 * so that a restart of the process is recognised.
 *
 * @publicApi
 */
export class MemoryEventLog implements EventLog {
  readonly #maxLength: number;
  readonly #maxAge: number;
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #channels = new Map<string, Channel>();
  readonly #followers = new Map<string, Set<() => void>>();
  #closing = new AbortController();
  /** Counts the entries of all channels, so that ids are never reused, even by a channel that was deleted. */
  #sequence = 0;
  #sweepTimer: NodeJS.Timeout | undefined;

  /** Throws a `TypeError` for an option that is not a positive integer. */
  constructor(retention: Retention = {}) {
    const { maxLength, maxAge } = checkRetention(MemoryEventLog.name, retention);
    this.#maxLength = maxLength;
    this.#maxAge = maxAge;
  }

  async append(channel: string, { event, data, isJSON }: LogRecord): Promise<string> {
    if (this.#find(channel)?.last.isEnd) {
      throw new ChannelEndedError(channel);
    }
    return this.#add(channel, { event, data, isJSON, isEnd: false });
  }

  async end(channel: string): Promise<void> {
    if (!this.#find(channel)?.last.isEnd) {
      this.#add(channel, { isEnd: true });
    }
  }

  async read(channel: string, after: string | undefined, count: number): Promise<LogPage> {
    const found = this.#find(channel);
    if (!found) {
      return { entries: [], last: undefined, isEnded: false };
    }
    return {
      entries: entriesAfter(found, this.#sequenceOf(after), count),
      last: found.last.id,
      isEnded: found.last.isEnd,
    };
  }

  async *follow(
    channel: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly LogEntry[], void, undefined> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    let sequence = this.#sequenceOf(after);
    while (!until.aborted) {
      const found = this.#find(channel);
      const entries = found ? entriesAfter(found, sequence, this.#maxLength) : [];
      const last = entries.at(-1);
      if (last) {
        sequence = last.sequence;
        yield entries;
        if (last.isEnd) {
          return;
        }
      } else {
        await this.#nextEntry(channel, until);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweepTimer);
    this.#sweepTimer = undefined;
    this.#channels.clear();
    this.#closing.abort();
    this.#closing = new AbortController();
  }

  #add(name: string, record: Pick<LogEntry, 'event' | 'data' | 'isJSON' | 'isEnd'>): string {
    const channel = this.#channels.get(name);
    const sequence = ++this.#sequence;
    const id = `${this.#epoch}-${sequence}`;
    const entry = { ...record, id, previous: channel?.last.id, sequence, time: performance.now() };
    if (channel) {
      channel.entries.push(entry);
      channel.last = entry;
      this.#trim(channel);
    } else {
      this.#channels.set(name, { entries: [entry], start: 0, last: entry });
      this.#startSweeping();
    }
    this.#followers.get(name)?.forEach((wake) => wake());
    return id;
  }

  /** Returns the current state of a channel. Undefined if it is unknown. */
  #find(name: string): Channel | undefined {
    const channel = this.#channels.get(name);
    if (channel) {
      this.#trim(channel);
      if (this.#isForgotten(name, channel)) {
        this.#channels.delete(name);
        return undefined;
      }
    }
    return channel;
  }

  #trim(channel: Channel): void {
    const { entries } = channel;
    const oldest = performance.now() - this.#maxAge;
    let { start } = channel;
    while (
      start < entries.length &&
      (entries.length - start > this.#maxLength || (entries[start] as StoredEntry).time <= oldest)
    ) {
      start++;
    }
    // Removed in batches, because `shift()` would move all retained entries each time.
    if (start === entries.length || start >= 1024) {
      channel.entries = entries.slice(start);
      start = 0;
    }
    channel.start = start;
  }

  #isForgotten(name: string, { entries, last }: Channel): boolean {
    const age = last.isEnd ? this.#maxAge : Math.max(this.#maxAge, PLACE_AGE);
    return (
      entries.length === 0 && !this.#followers.has(name) && last.time <= performance.now() - age
    );
  }

  #startSweeping(): void {
    this.#sweepTimer ??= setInterval(
      () => {
        for (const name of this.#channels.keys()) {
          this.#find(name);
        }
        if (this.#channels.size === 0) {
          clearInterval(this.#sweepTimer);
          this.#sweepTimer = undefined;
        }
      },
      Math.min(this.#maxAge, SWEEP_INTERVAL),
    ).unref();
  }

  /** Resolves once an entry is added, or when `until` aborts. */
  #nextEntry(name: string, until: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const followers = this.#followers.get(name) ?? new Set();
      this.#followers.set(name, followers);
      const wake = () => {
        until.removeEventListener('abort', wake);
        followers.delete(wake);
        if (followers.size === 0) {
          this.#followers.delete(name);
        }
        resolve();
      };
      followers.add(wake);
      until.addEventListener('abort', wake);
    });
  }

  /** Returns the number of the entry with an id, or 0, which is before all entries, for an id of another log. */
  #sequenceOf(id: string | undefined): number {
    const [epoch, sequence, ...rest] = id?.split('-') ?? [];
    const isOurs =
      epoch === this.#epoch && rest.length === 0 && /^[1-9]\d{0,15}$/.test(sequence ?? '');
    return isOurs ? Number(sequence) : 0;
  }
}

/** Returns up to `count` entries with numbers above `sequence`. */
function entriesAfter({ entries, start }: Channel, sequence: number, count: number): StoredEntry[] {
  let low = start;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as StoredEntry).sequence > sequence) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return entries.slice(low, low + count);
}
