import { EventLogUnavailableError } from './event-log-unavailable.error.js';
import type { EventLog, LogEntry, LogPage } from './event-log.js';

/** The limits of a window: entries, and the length of their text. */
const WINDOW_ENTRIES = 1000;
const WINDOW_LENGTH = 1024 * 1024;
/** The intended length of a page, and its maximum number of entries. */
const PAGE_LENGTH = 256 * 1024;
const PAGE_ENTRIES = 500;
/** The time before an unavailable log is tried again, in milliseconds. */
const RETRY_DELAY = 250;

/** A page, with the version of the tail when it was requested. */
export interface VersionedPage extends LogPage {
  readonly version: number;
}

/**
 * The live end of a channel, shared by all of its followers in this process. Keeps a limited window of the newest
 * entries. Followers that fall behind it read from the log, so that slow ones cost no memory.
 *
 * The entries of the window have consecutive numbers, in the order of the channel.
 */
export class ChannelTail {
  readonly #log: EventLog;
  readonly #channel: string;
  readonly #onOver: () => void;
  readonly #stopping = new AbortController();

  #entries: LogEntry[] = [];
  /** The number of the oldest entry in the window. */
  #first = 0;
  #length = 0;
  /** For each id, the number of the entry after it, within the window. */
  readonly #numbers = new Map<string | undefined, number>();
  /** The id of the newest entry, after which the log is followed. */
  #position: string | undefined;
  #hasPosition = false;

  #version = 0;
  readonly #waiting = new Set<() => void>();
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  readonly #reads = new Map<string | undefined, Promise<VersionedPage>>();
  #pageEntries = 16;
  #retry: Promise<void> | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #endRetry: () => void = () => undefined;

  /** @param onOver called when the tail receives no more entries */
  constructor(log: EventLog, channel: string, onOver: () => void) {
    this.#log = log;
    this.#channel = channel;
    this.#onOver = onOver;
    void this.#run();
  }

  /** Increases with each change. */
  get version(): number {
    return this.#version;
  }

  /** The number of the oldest entry in the window. */
  get first(): number {
    return this.#first;
  }

  /** The number of the next new entry. */
  get next(): number {
    return this.#first + this.#entries.length;
  }

  /** True if no more entries will arrive. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Throws the failure of the log, if there is one. */
  throwFailure(): void {
    if (this.#failure) {
      throw this.#failure.error;
    }
  }

  /** Returns the entry with a number. Undefined outside the window. */
  at(number: number): LogEntry | undefined {
    return this.#entries[number - this.#first];
  }

  /** Returns the number of the entry after an id. Undefined if it is not in the window. */
  numberAfter(id: string | undefined): number | undefined {
    return this.#numbers.get(id);
  }

  /** Calls `wake` once, when entries have arrived or the tail is over. */
  wait(wake: () => void): void {
    this.#waiting.add(wake);
  }

  /** Cancels `wait(wake)`. */
  unwait(wake: () => void): void {
    this.#waiting.delete(wake);
  }

  /** Reads a page of the log after an id. Concurrent calls for the same id share one read. */
  read(after: string | undefined): Promise<VersionedPage> {
    let read = this.#reads.get(after);
    if (!read) {
      read = this.#readPage(after).finally(() => this.#reads.delete(after));
      this.#reads.set(after, read);
    }
    return read;
  }

  /** Reads the current end of the channel: a page without entries. */
  readEnd(): Promise<LogPage> {
    return this.#log.read(this.#channel, undefined, 0);
  }

  /** Resolves when an unavailable log should be tried again. Shared by all followers. */
  pause(): Promise<void> {
    this.#retry ??= new Promise((resolve) => {
      this.#endRetry = () => {
        this.#retry = undefined;
        clearTimeout(this.#retryTimer);
        resolve();
      };
      this.#retryTimer = setTimeout(this.#endRetry, RETRY_DELAY);
    });
    return this.#retry;
  }

  /** Releases everything. Call it when there are no followers left. */
  stop(): void {
    this.#stopping.abort();
    this.#endRetry();
    this.#finish();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
        break;
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError)) {
          this.#failure = { error };
          break;
        }
        if (!signal.aborted) {
          await this.pause();
        }
      }
    }
    this.#finish();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    if (!this.#hasPosition) {
      const { last } = await this.readEnd();
      this.#hasPosition = true;
      this.#position = last;
      this.#numbers.set(last, this.#first);
      this.#wake();
    }
    for await (const entries of this.#log.follow(this.#channel, this.#position, signal)) {
      if (signal.aborted) {
        return;
      }
      for (const entry of entries) {
        this.#add(entry);
      }
      this.#wake();
    }
  }

  #add(entry: LogEntry): void {
    if (entry.previous !== this.#position) {
      // Entries were trimmed before they arrived here. Start a new window and skip a number, so that all followers are
      // behind it and find the missing entries in the log.
      this.#first = this.next + 1;
      this.#entries = [];
      this.#length = 0;
      this.#numbers.clear();
      this.#numbers.set(entry.previous, this.#first);
    }
    this.#entries.push(entry);
    this.#length += lengthOf(entry);
    this.#position = entry.id;
    this.#numbers.set(entry.id, this.next);
    this.#trim();
  }

  #trim(): void {
    let count = 0;
    let length = this.#length;
    while (
      this.#entries.length - count > 1 &&
      (this.#entries.length - count > WINDOW_ENTRIES || length > WINDOW_LENGTH)
    ) {
      length -= lengthOf(this.#entries[count++] as LogEntry);
    }
    // Removes a tenth of the window at once, because removing the oldest entry moves all others.
    if (count >= WINDOW_ENTRIES / 10 || length < this.#length - WINDOW_LENGTH / 10) {
      for (const { previous } of this.#entries.splice(0, count)) {
        this.#numbers.delete(previous);
      }
      this.#first += count;
      this.#length = length;
    }
  }

  async #readPage(after: string | undefined): Promise<VersionedPage> {
    const version = this.#version;
    const page = await this.#log.read(this.#channel, after, this.#pageEntries);
    const count = page.entries.length;
    if (count > 0) {
      const length = page.entries.reduce((sum, entry) => sum + lengthOf(entry), 0);
      const fitting = Math.floor((PAGE_LENGTH * count) / length);
      this.#pageEntries = Math.max(1, Math.min(PAGE_ENTRIES, fitting));
    }
    return { ...page, version };
  }

  #finish(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#onOver();
      this.#wake();
    }
  }

  #wake(): void {
    this.#version++;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) {
      wake();
    }
  }
}

/** The approximate size of an entry, in UTF-16 code units. */
function lengthOf({ event, data }: LogEntry): number {
  return 64 + (event?.length ?? 0) + (data?.length ?? 0);
}
