import { EventLogUnavailableError } from './event-log-unavailable.error.js';
import type { EventLog, LogEntry, LogPage } from './event-log.js';

/** How much of the newest a tail keeps at hand: entries, and the length of their text. */
const WINDOW_ENTRIES = 1000;
const WINDOW_LENGTH = 1024 * 1024;
/** How long a page is meant to be, and how many entries it has at most. */
const PAGE_LENGTH = 256 * 1024;
const PAGE_ENTRIES = 500;
/** How long is waited before a log that cannot be reached is asked again, in milliseconds. */
const RETRY_DELAY = 250;

/** A page, and the version of the tail when it was asked for. */
export interface VersionedPage extends LogPage {
  readonly version: number;
}

/**
 * The live end of one channel, shared by all that follow it in this process. It keeps a window of the newest entries in
 * bounds; who falls out of it reads from the log, so that nobody's slowness costs memory.
 *
 * The entries of the window are numbered without a break in the order of the channel.
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
  /** The number of the entry after that of an id, for each place in the window. */
  readonly #numbers = new Map<string | undefined, number>();
  /** The id of the newest entry, from which the log is followed. */
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

  /** @param onOver called when the tail will give nothing more by itself */
  constructor(log: EventLog, channel: string, onOver: () => void) {
    this.#log = log;
    this.#channel = channel;
    this.#onOver = onOver;
    void this.#run();
  }

  /** Rises whenever anything has come. */
  get version(): number {
    return this.#version;
  }

  /** The number of the oldest entry in the window. */
  get first(): number {
    return this.#first;
  }

  /** The number of the entry that will come next. */
  get next(): number {
    return this.#first + this.#entries.length;
  }

  /** Whether nothing more will come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Throws what the log has failed with, if it has. */
  throwFailure(): void {
    if (this.#failure) {
      throw this.#failure.error;
    }
  }

  /** The entry of a number; undefined where it is not in the window. */
  at(number: number): LogEntry | undefined {
    return this.#entries[number - this.#first];
  }

  /** The number of the entry that comes after that of an id; undefined where the window does not know. */
  numberAfter(id: string | undefined): number | undefined {
    return this.#numbers.get(id);
  }

  /** Has `wake` called once, when anything has come or the tail is over. */
  wait(wake: () => void): void {
    this.#waiting.add(wake);
  }

  /** Forgets about `wake`. */
  unwait(wake: () => void): void {
    this.#waiting.delete(wake);
  }

  /** A page of the log after an id; one read for all that ask for the same at once. */
  read(after: string | undefined): Promise<VersionedPage> {
    let read = this.#reads.get(after);
    if (!read) {
      read = this.#readPage(after).finally(() => this.#reads.delete(after));
      this.#reads.set(after, read);
    }
    return read;
  }

  /** Where the channel ends now, so a page without entries. */
  readEnd(): Promise<LogPage> {
    return this.#log.read(this.#channel, undefined, 0);
  }

  /** Settles when a log that cannot be reached is to be asked again; one wait for all. */
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

  /** Lets go of everything: nobody follows any more. */
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
      // Entries were trimmed before they came here. The window begins anew, with a number left out, so that all who
      // follow find themselves behind it, and learn from the log what is missing.
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
    // A tenth of the window at a time, as taking off the oldest moves all others.
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

/** About how much memory an entry takes, in UTF-16 code units. */
function lengthOf({ event, data }: LogEntry): number {
  return 64 + (event?.length ?? 0) + (data?.length ?? 0);
}
