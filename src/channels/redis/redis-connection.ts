import type { Logger } from '@nestjs/common';
import { ErrorReply } from 'redis';
import { EventLogUnavailableError } from '../../../libs/event-log/index.js';
import type { RedisCommands, RedisHandle } from './redis-handle.js';
import type { ClientSource } from './redis-topology.js';

/** How long a connection may be silent while commands wait for their replies, in milliseconds. */
const REPLY_TIMEOUT = 10_000;
/** How often that is looked at, in milliseconds. */
const LOOK_INTERVAL = 1_000;
/** The longest wait between two attempts to connect again, in milliseconds. */
const MAX_RECONNECT_DELAY = 2_000;
/** Replies of a server that cannot work for the moment, e.g. because it loads its data or is being replaced. */
const NOT_READY =
  /^(LOADING|MASTERDOWN|READONLY|TRYAGAIN|CLUSTERDOWN|BUSY|NOREPLICAS|MOVED|ASK|UNBLOCKED)\b/;
/** Those that say that another server has the data. */
const ELSEWHERE = /^(READONLY|MOVED|ASK|UNBLOCKED)\b/;
/** The events by which clients of a server, of a cluster and of Sentinel report that a connection is lost. */
const LOST_EVENTS = ['error', 'node-error', 'end'];
const BACK_EVENTS = ['ready', 'node-ready'];

/**
 * A connection to Redis that opens with its first command, and again when it was lost. Commands are sent in the order
 * in which they are given. While there is no connection they reject with an `EventLogUnavailableError`.
 */
export class RedisConnection {
  readonly #source: ClientSource;
  readonly #logger: Logger | undefined;
  #client: RedisHandle | undefined;
  #opening: Promise<RedisHandle> | undefined;
  #isLost = false;
  /** Forgets a client of the application. */
  #release: () => void = () => undefined;
  /** How many commands wait for their replies, and how often that was looked at since the last reply. */
  #waiting = 0;
  #looks = 0;
  #lookTimer: NodeJS.Timeout | undefined;
  /** Gives up the client that is connecting. */
  #abandon: () => void = () => undefined;

  /** @param logger is told when the connection is lost, and when it is back */
  constructor(source: ClientSource, logger?: Logger) {
    this.#source = source;
    this.#logger = logger;
  }

  /** Sends a command. Rejects with the error that Redis answers, or with an `EventLogUnavailableError`. */
  async run<TReply>(command: (client: RedisCommands) => Promise<TReply>): Promise<TReply> {
    let isSent = false;
    try {
      // Awaited only if it has to be, so that the order of commands is that of the calls.
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

  /** Drops the connection. Commands that wait for a reply reject. A client of the application is left open. */
  close(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#opening = undefined;
    this.#abandon();
    this.#release();
    if (client && !this.#source.isBorrowed) {
      // That of Sentinel returns a promise.
      void Promise.resolve(client.destroy()).catch(() => undefined);
    }
  }

  /** Drops the connection, and what was needed to find the server. */
  end(): void {
    this.close();
    this.#source.close?.();
  }

  /** Drops a connection on which nobody answers, e.g. to a server that has been stopped. The next command opens another. */
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

  /** Counts looks rather than time, which passes as well while this process is too busy to read its replies. */
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
      // A server that cannot be reached at first is a wrong address rather than an outage.
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
    // A client that is destroyed while it connects leaves whoever awaits it waiting.
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
      `Redis at ${this.#source.name} cannot be reached (${describe(error)}), so that ` +
        (isSent
          ? 'it is not known whether the command was carried out. '
          : 'the command was not sent. ') +
        `Check the "${this.#source.option}" of RedisEventLog, and that the server runs.`,
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
