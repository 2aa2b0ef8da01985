/** What is kept of an event that was published. */
export interface LogRecord {
  /** The type of the event. */
  readonly event?: string | undefined;
  /** What the event carries; undefined where it has no data. */
  readonly data?: string | undefined;
  /** Whether `data` is the JSON text of a value, rather than a string as it was published. */
  readonly isJSON?: boolean | undefined;
}

/** One entry of a channel: an event, or the end of the channel. */
export interface LogEntry extends LogRecord {
  /** Unique in its channel, never used again: a single line, which clients send back as `Last-Event-ID`. */
  readonly id: string;
  /** The id of the entry before it, be it still retained or not; undefined where none is known. */
  readonly previous: string | undefined;
  /** Nothing comes after it, and it is no event. */
  readonly isEnd: boolean;
}

/** A part of a channel, as it was at one moment. */
export interface LogPage {
  /** In the order in which they were appended. */
  readonly entries: readonly LogEntry[];
  /** The id of the last entry of the channel at that moment, be it still retained or not; undefined where none is known. */
  readonly last: string | undefined;
  /** Whether that entry is the end of the channel. */
  readonly isEnded: boolean;
}

/**
 * Keeps the events of channels, so that they can be read again. An engine has to order the entries of a channel, to
 * retain them for a while, and to name with each entry the one before it, by which readers know that nothing is missing.
 *
 * Where an engine cannot be reached, its methods reject with an `EventLogUnavailableError`.
 *
 * @publicApi
 */
export interface EventLog {
  /** Adds an event to a channel, and gives its id. Rejects with a `ChannelEndedError` after `end()`. */
  append(channel: string, record: LogRecord): Promise<string>;

  /**
   * Reads up to `count` retained entries that come after the entry `after`, or the oldest where it is undefined. After
   * an id that is not of this log, any or no entries.
   */
  read(channel: string, after: string | undefined, count: number): Promise<LogPage>;

  /**
   * Gives the entries that come after the entry `after`, or after the beginning where it is undefined, a few at a time
   * and as soon as they are there, until the end of the channel, `close()`, or until `signal` aborts.
   */
  follow(
    channel: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly LogEntry[]>;

  /** Adds the end of a channel, once. */
  end(channel: string): Promise<void>;

  /** Releases all that is held. A log that is used again opens again. */
  close(): Promise<void>;
}
