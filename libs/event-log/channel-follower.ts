import type { ChannelTail } from './channel-tail.js';
import type { ChannelTails } from './channel-tails.js';
import { EventLogUnavailableError } from './event-log-unavailable.error.js';
import type { LogEntry, LogPage } from './event-log.js';

/** Where a follower begins: after the entry of an id, at the oldest that is retained, or with what comes from now on. */
export type FollowStart = { readonly after: string | undefined } | 'oldest' | 'newest';

/** A place where entries may be missing, or where the log cannot tell. */
export interface LogGap {
  /** The id after which entries may be missing, as it was given. */
  readonly after: string | undefined;
  /** The id of the oldest event that is retained, which comes next; undefined where none is. */
  readonly oldest: string | undefined;
  /** The id from which a client goes on without being told again, where there is one. */
  readonly id: string | undefined;
}

/** What becomes of what a follower meets. */
export interface FollowerItems<TItem> {
  readonly fromEntry: (entry: LogEntry) => TItem;
  readonly fromGap: (gap: LogGap) => TItem;
}

const DONE = { done: true, value: undefined } as const;

/**
 * Gives the events of a channel from a place on: what is in the log, then what comes, without a gap and without a
 * double. Where the log cannot show that nothing is missing it gives the gap, then all that is retained.
 *
 * The tail of the channel is followed first; then the log is read until the window of the tail knows the place that
 * was read up to, and from there on the window is. So what both have is dropped by its id. Nothing is held before the
 * first `next()`, nor after the end.
 */
export class ChannelFollower<TItem> implements AsyncIterableIterator<TItem, undefined, undefined> {
  readonly #tails: ChannelTails;
  readonly #channel: string;
  readonly #items: FollowerItems<TItem>;
  readonly #signal: AbortSignal | undefined;
  #tail: ChannelTail | undefined;
  #isClosed = false;
  #wake: () => void = () => undefined;

  /** The id of the last entry that was given, or the place to begin after. */
  #cursor: string | undefined;
  /** Whether what comes next has to be the entry right after the cursor. */
  #hasCursor: boolean;
  #isAtNewest: boolean;
  /** What was read from the log and is not given yet. */
  #page: readonly LogEntry[] = [];
  #pageIndex = 0;
  /** The number of the next entry in the window; undefined while the log is read. */
  #number: number | undefined;
  /** The calls of `next()` that are not answered yet, and the last of them: they are answered in turn. */
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

  /** Ends at once, also while `next()` waits. */
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
      this.#signal?.addEventListener('abort', this.#close);
      this.#tail = this.#tails.open(this.#channel);
    }
    return this.#tail;
  }

  readonly #close = (): void => {
    this.#isClosed = true;
    this.#signal?.removeEventListener('abort', this.#close);
    this.#page = [];
    const tail = this.#tail;
    if (tail) {
      this.#tail = undefined;
      tail.unwait(this.#wake);
      this.#tails.release(tail);
    }
    this.#wake();
  };

  /** The next entry of what was read from the log. */
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

  /** The next entry of the window; the log is read again by who has fallen behind it. */
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

  /** Reads the next page of the log, or waits for more to come. Gives the gap before it, if there is one. */
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

  /** Settles when anything has come to the tail since `version`; ends with the tail, and throws what that failed with. */
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

/** Whether a page begins with what comes right after the entry of an id. */
function followsOn({ entries: [first], last }: LogPage, id: string | undefined): boolean {
  return (first ? first.previous : last) === id;
}
