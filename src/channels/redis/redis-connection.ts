import type { Logger } from '@nestjs/common';
import { ErrorReply } from 'redis';
import { EventLogUnavailableError } from '../../../libs/event-log/index.js';
import type { RedisCommands, RedisHandle } from './redis-handle.js';
import type { ClientSource } from './redis-topology.js';

/** The time a connection may be silent while commands wait for their replies, in milliseconds. */
const REPLY_TIMEOUT = 10_000;
/** The interval of checks for it, in milliseconds. */
const LOOK_INTERVAL = 1_000;
/** The maximum time between attempts to reconnect, in milliseconds. */
const MAX_RECONNECT_DELAY = 2_000;
/** Replies of a server that is temporarily unavailable, e.g. because it is loading its data or being replaced. */
const NOT_READY =
  /^(LOADING|MASTERDOWN|READONLY|TRYAGAIN|CLUSTERDOWN|BUSY|NOREPLICAS|MOVED|ASK|UNBLOCKED)\b/;
/** Replies that mean that another server has the data. */
const ELSEWHERE = /^(READONLY|MOVED|ASK|UNBLOCKED)\b/;
/** The events with which clients of a server, a cluster and Sentinel report a lost connection. */
const LOST_EVENTS = ['error', 'node-error', 'end'];
const BACK_EVENTS = ['ready', 'node-ready'];

/**
 * A connection to Redis that opens with its first command, and reopens after it was lost. Sends commands in the order
 * of the calls. While there is no connection, they reject with an `EventLogUnavailableError`.
 */
export class RedisConnection {
  readonly #source: ClientSource;
  readonly #logger: Logger | undefined;
  #client: RedisHandle | undefined;
  #opening: Promise<RedisHandle> | undefined;
  #isLost = false;
  /** Removes the listeners from a client of the application. */
  #release: () => void = () => undefined;
  /** The number of commands that wait for replies, and of checks since the last reply. */
  #waiting = 0;
  #looks = 0;
  #lookTimer: NodeJS.Timeout | undefined;
  /** Cancels the connection attempt. */
  #abandon: () => void = () => undefined;

  /** @param logger logs when the connection is lost, and when it is back */
  constructor(source: ClientSource, logger?: Logger) {
    this.#source = source;
    this.#logger = logger;
  }

  /** Sends a command. Rejects with the error that Redis replies, or with an `EventLogUnavailableError`. */
  async run<TReply>(command: (client: RedisCommands) => Promise<TReply>): Promise<TReply> {
    let isSent = false;
    try {
      // Awaited only if necessary, so that commands keep the order of the calls.
      const client = this.#client ?? (await this.#watch(this.#open()));
      isSent = client.isReady;
      const reply = await this.#watch(command(client));
      if (!this.#source.reconnects) {
        this.#tellBack();
      }
      return reply;
    } catch (error) {
      if (!this.#source.reconnects && error instanceof Error && ELSEWHERE.test(error.message)) {
        this.close();
      }
      throw this.#explain(error, isSent);
    }
  }

  /** Returns the open client. Rejects with an `EventLogUnavailableError` if it cannot be opened. */
  async handle(): Promise<RedisHandle> {
    try {
      return this.#client ?? (await this.#watch(this.#open()));
    } catch (error) {
      throw this.#explain(error, false);
    }
  }

  /** Closes the connection. Waiting commands reject. A client of the application stays open. */
  close(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#opening = undefined;
    this.#abandon();
    this.#release();
    if (client && !this.#source.isBorrowed) {
      // A Sentinel client returns a promise.
      void Promise.resolve(client.destroy()).catch(() => undefined);
    }
  }

  /** Closes the connection and releases the resources that found the server. */
  end(): void {
    this.close();
    this.#source.close?.();
  }

  /** Closes a connection without replies, e.g. to a server that was suspended. The next command opens a new one. */
  async #watch<TReply>(reply: Promise<TReply>): Promise<TReply> {
    if (this.#waiting++ === 0) {
      this.#looks = 0;
      this.#lookTimer = setInterval(() => this.#look(), LOOK_INTERVAL);
    }
    try {
      return await reply;
    } finally {
      this.#looks = 0;
      if (--this.#waiting === 0) {
        clearInterval(this.#lookTimer);
      }
    }
  }

  /** Counts checks instead of time, because time also passes while this process is too busy to read replies. */
  #look(): void {
    if (++this.#looks > REPLY_TIMEOUT / LOOK_INTERVAL) {
      this.#logger?.warn(
        `Redis at ${this.#source.name} does not answer: streams wait, publishing fails.`,
      );
      this.close();
    }
  }

  #open(): Promise<RedisHandle> {
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect(): Promise<RedisHandle> {
    let hasConnected = false;
    const made = this.#source.make((retries, cause) =>
      // A server that cannot be reached at first probably has a wrong address. This is not an outage.
      hasConnected ? Math.min(2 ** retries * 25, MAX_RECONNECT_DELAY) : cause,
    );
    const client = made instanceof Promise ? await made : made;
    const lost = (error?: Error) => this.#lose(client, error);
    const back = () => this.#tellBack();
    LOST_EVENTS.forEach((event) => client.on(event, lost));
    BACK_EVENTS.forEach((event) => client.on(event, back));
    this.#release = () => {
      if (this.#source.isBorrowed) {
        LOST_EVENTS.forEach((event) => client.off(event, lost));
        BACK_EVENTS.forEach((event) => client.off(event, back));
      }
    };
    if (!(this.#source.isBorrowed && (client as unknown as { isOpen: boolean }).isOpen)) {
      await this.#connected(client);
    }
    hasConnected = true;
    this.#client = client;
    return client;
  }

  async #connected(client: RedisHandle): Promise<void> {
    // A client that is destroyed while it connects never settles its promise.
    const abandoned = new Promise<never>((_, reject) => {
      this.#abandon = () => {
        void Promise.resolve(client.destroy()).catch(() => undefined);
        reject(new Error('the connection was closed'));
      };
    });
    try {
      await Promise.race([client.connect(), abandoned]);
    } finally {
      this.#abandon = () => undefined;
    }
  }

  #lose(client: RedisHandle, error: Error | undefined): void {
    if (this.#client !== client) {
      return;
    }
    if (!this.#isLost) {
      this.#isLost = true;
      const reason = error ? describe(error) : 'the connection has ended';
      this.#logger?.warn(
        `Redis at ${this.#source.name} is lost (${reason}): streams wait, publishing fails.`,
      );
    }
    if (!this.#source.reconnects) {
      this.close();
    }
  }

  #tellBack(): void {
    if (this.#isLost) {
      this.#isLost = false;
      this.#logger?.log(`Redis at ${this.#source.name} is back.`);
    }
  }

  #explain(error: unknown, isSent: boolean): unknown {
    if (error instanceof EventLogUnavailableError) {
      return error;
    }
    if (error instanceof ErrorReply && !NOT_READY.test(error.message)) {
      return error;
    }
    return new EventLogUnavailableError(
      `Redis at ${this.#source.name} cannot be reached (${describe(error)}). ` +
        (isSent ? 'The command may have been executed. ' : 'The command was not sent. ') +
        `Check the option "${this.#source.option}" of RedisEventLog, and that the server is running.`,
      { cause: error },
    );
  }
}

function describe(error: unknown): string {
  const { originalError } = error as { originalError?: unknown };
  const cause = originalError ?? error;
  if (cause instanceof AggregateError) {
    return cause.errors.map(describe).join(', ');
  }
  return cause instanceof Error ? cause.message : String(cause);
}
