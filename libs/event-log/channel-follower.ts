import { onAbort } from './abort-listeners.js';
import type { ChannelTail } from './channel-tail.js';
import type { ChannelTails } from './channel-tails.js';
import { EventLogUnavailableError } from './event-log-unavailable.error.js';
import type { LogEntry, LogPage } from './event-log.js';

/** The start of a follower: after the entry with an id, at the oldest retained entry, or at new entries. */
export type FollowStart = { readonly after: string | undefined } | 'oldest' | 'newest';

/** A place where entries may be missing, or where the log does not know. */
export interface LogGap {
  /** The requested id, after which entries may be missing. */
  readonly after: string | undefined;
  /** The id of the oldest retained event, which comes next. Undefined if there is none. */
  readonly oldest: string | undefined;
  /** The id from which a client can resume without a second report, if there is one. */
  readonly id: string | undefined;
}

/** Converts entries and gaps to the items of a follower. */
export interface FollowerItems<TItem> {
  readonly fromEntry: (entry: LogEntry) => TItem;
  readonly fromGap: (gap: LogGap) => TItem;
}

const DONE = { done: true, value: undefined } as const;

/**
 * Yields the entries of a channel, first from the log, then new ones, without gaps or duplicates. If the log does not
 * show that nothing is missing, yields the gap, then all retained entries.
 *
 * Follows the tail of the channel first. Then reads the log until the tail's window contains the current position, and
 * continues in the window. Entries in both are matched by id. Uses no resources before the first `next()` and after the
 * end.
 */
export class ChannelFollower<TItem> implements AsyncIterableIterator<TItem, undefined, undefined> {
  readonly #tails: ChannelTails;
  readonly #channel: string;
  readonly #items: FollowerItems<TItem>;
  readonly #signal: AbortSignal | undefined;
  #tail: ChannelTail | undefined;
  #stopListening: (() => void) | undefined;
  #isClosed = false;
  #wake: () => void = () => undefined;

  /** The id of the last entry that was yielded, or the id to start after. */
  #cursor: string | undefined;
  /** True if the next entry must directly follow the cursor. */
  #hasCursor: boolean;
  #isAtNewest: boolean;
  /** Entries that were read from the log and not yielded yet. */
  #page: readonly LogEntry[] = [];
  #pageIndex = 0;
  /** The number of the next entry in the window. Undefined while the log is read. */
  #number: number | undefined;
  /** The number of pending calls of `next()`, and the last of them. They are answered in order. */
  #pending = 0;
  #last: Promise<unknown> | undefined;

  constructor(
    tails: ChannelTails,
    channel: string,
    start: FollowStart,
    items: FollowerItems<TItem>,
    signal?: AbortSignal,
  ) {
    this.#tails = tails;
    this.#channel = channel;
    this.#items = items;
    this.#signal = signal;
    this.#isAtNewest = start === 'newest';
    this.#hasCursor = typeof start === 'object';
    this.#cursor = typeof start === 'object' ? start.after : undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<TItem, undefined>> {
    const answer = () => this.#next();
    const result = this.#pending++ > 0 && this.#last ? this.#last.then(answer, answer) : answer();
    this.#last = result;
    return result;
  }

  /** Ends immediately, even while `next()` is pending. */
  async return(): Promise<IteratorResult<TItem, undefined>> {
    this.#close();
    return DONE;
  }

  async #next(): Promise<IteratorResult<TItem, undefined>> {
    try {
      return await this.#advance();
    } catch (error) {
      this.#close();
      throw error;
    } finally {
      this.#pending--;
    }
  }

  async #advance(): Promise<IteratorResult<TItem, undefined>> {
    const tail = this.#open();
    while (tail && !this.#isClosed) {
      const entry = this.#takeRead() ?? this.#takeLive(tail);
      if (entry?.isEnd) {
        break;
      }
      if (entry) {
        return { done: false, value: this.#items.fromEntry(entry) };
      }
      if (this.#number !== undefined) {
        await this.#change(tail, tail.version);
        continue;
      }
      const gap = await this.#readOn(tail);
      if (gap) {
        return { done: false, value: this.#items.fromGap(gap) };
      }
    }
    this.#close();
    return DONE;
  }

  #open(): ChannelTail | undefined {
    if (!this.#tail && !this.#isClosed) {
      if (this.#signal?.aborted) {
        this.#isClosed = true;
        return undefined;
      }
      if (this.#signal) {
        this.#stopListening = onAbort(this.#signal, this.#close);
      }
      this.#tail = this.#tails.open(this.#channel);
    }
    return this.#tail;
  }

  readonly #close = (): void => {
    this.#isClosed = true;
    this.#stopListening?.();
    this.#page = [];
    const tail = this.#tail;
    if (tail) {
      this.#tail = undefined;
      tail.unwait(this.#wake);
      this.#tails.release(tail);
    }
    this.#wake();
  };

  /** Returns the next entry that was read from the log. */
  #takeRead(): LogEntry | undefined {
    const entry = this.#page[this.#pageIndex++];
    if (entry) {
      this.#cursor = entry.id;
      this.#hasCursor = true;
    } else {
      this.#page = [];
    }
    return entry;
  }

  /** Returns the next entry of the window. A follower that has fallen behind the window reads the log again. */
  #takeLive(tail: ChannelTail): LogEntry | undefined {
    if (this.#number === undefined && this.#hasCursor) {
      this.#number = tail.numberAfter(this.#cursor);
    }
    if (this.#number === undefined) {
      return undefined;
    }
    if (this.#number < tail.first) {
      this.#number = undefined;
      return undefined;
    }
    const entry = tail.at(this.#number);
    if (entry) {
      this.#number++;
      this.#cursor = entry.id;
    }
    return entry;
  }

  /** Reads the next page of the log, or waits for new entries. Returns the gap before the page, if there is one. */
  async #readOn(tail: ChannelTail): Promise<LogGap | undefined> {
    try {
      if (this.#isAtNewest) {
        const { last, isEnded } = await tail.readEnd();
        this.#isAtNewest = false;
        this.#beginAfter(last, isEnded);
        return undefined;
      }
      const { version, ...page } = await tail.read(this.#cursor);
      if (this.#hasCursor && !followsOn(page, this.#cursor)) {
        return this.#meetGap(await tail.read(undefined));
      }
      if (page.entries.length > 0) {
        this.#give(page);
        return undefined;
      }
      this.#beginAfter(page.last, page.isEnded);
      if (tail.numberAfter(page.last) === undefined) {
        await this.#change(tail, version);
      }
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) {
        throw error;
      }
      await tail.pause();
    }
    return undefined;
  }

  #meetGap(page: LogPage): LogGap {
    const after = this.#cursor;
    const [first] = page.entries;
    this.#hasCursor = false;
    this.#cursor = undefined;
    if (!first) {
      this.#beginAfter(page.last, false);
      return { after, oldest: undefined, id: page.last };
    }
    this.#give(page);
    return first.isEnd
      ? { after, oldest: undefined, id: first.id }
      : { after, oldest: first.id, id: first.previous };
  }

  #give(page: LogPage): void {
    this.#page = page.entries;
    this.#pageIndex = 0;
  }

  #beginAfter(last: string | undefined, isEnded: boolean): void {
    this.#cursor = last;
    this.#hasCursor = true;
    if (isEnded) {
      this.#close();
    }
  }

  /** Resolves when the tail has changed since `version`. Ends with the tail, and throws its failure. */
  async #change(tail: ChannelTail, version: number): Promise<void> {
    if (this.#isClosed || tail.version !== version) {
      return;
    }
    if (tail.isOver) {
      tail.throwFailure();
      this.#close();
      return;
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      tail.wait(resolve);
    });
  }
}

/** True if a page starts directly after the entry with an id. */
function followsOn({ entries: [first], last }: LogPage, id: string | undefined): boolean {
  return (first ? first.previous : last) === id;
}
