/** The stored form of a published event. */
export interface LogRecord {
  /** The type of the event. */
  readonly event?: string | undefined;
  /** The data of the event. Undefined if there is none. */
  readonly data?: string | undefined;
  /** True if `data` is the JSON text of a value. Otherwise, it is a string as published. */
  readonly isJSON?: boolean | undefined;
}

/** One entry of a channel: an event, or the end of the channel. */
export interface LogEntry extends LogRecord {
  /** A single line, unique in its channel and never used again. Clients send it back as `Last-Event-ID`. */
  readonly id: string;
  /** The id of the previous entry, retained or not. Undefined if it is unknown. */
  readonly previous: string | undefined;
  /** True for the end of the channel, which is not an event. No entry follows. */
  readonly isEnd: boolean;
}

/** A part of a channel at one moment. */
export interface LogPage {
  /** The entries, in the order of publication. */
  readonly entries: readonly LogEntry[];
  /** The id of the last entry of the channel at that moment, retained or not. Undefined if it is unknown. */
  readonly last: string | undefined;
  /** True if that entry is the end of the channel. */
  readonly isEnded: boolean;
}

/**
 * Stores the events of channels, so that they can be read again. An engine must order the entries of a channel, retain
 * them for a while, and store the previous id with each entry. Readers use it to detect missing entries.
 *
 * If the engine cannot be reached, its methods reject with an `EventLogUnavailableError`.
 *
 * @publicApi
 */
export interface EventLog {
  /** Adds an event to a channel and returns its id. Rejects with a `ChannelEndedError` after `end()`. */
  append(channel: string, record: LogRecord): Promise<string>;

  /**
   * Reads up to `count` retained entries after the entry `after`, or the oldest ones if it is undefined. For an id that
   * is not in this log, may return any entries or none.
   */
  read(channel: string, after: string | undefined, count: number): Promise<LogPage>;

  /**
   * Yields the entries after the entry `after`, or from the beginning if it is undefined, a few at a time and as soon
   * as they are available. Stops at the end of the channel, on `close()`, or when `signal` aborts.
   */
  follow(
    channel: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly LogEntry[]>;

  /** Ends a channel. Does nothing if it has already ended. */
  end(channel: string): Promise<void>;

  /** Releases all resources. A log that is used again reopens. */
  close(): Promise<void>;
}
