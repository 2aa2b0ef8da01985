import type { Logger } from '@nestjs/common';
import { createClient, ErrorReply } from 'redis';
import { EventLogUnavailableError } from '../../../libs/event-log/index.js';

export type RedisClient = ReturnType<typeof open>;

/** How long a connection may be silent while commands wait for their replies, in milliseconds. */
const REPLY_TIMEOUT = 10_000;
/** How often that is looked at, in milliseconds. */
const LOOK_INTERVAL = 1_000;
/** How often a quiet connection is asked for a sign of life, in milliseconds. */
const PING_INTERVAL = 5_000;
/** The longest wait between two attempts to connect again, in milliseconds. */
const MAX_RECONNECT_DELAY = 2_000;
/** Replies of a server that is there, but cannot work for the moment, e.g. one that reads its append-only file. */
const NOT_READY = /^(LOADING|MASTERDOWN|READONLY|TRYAGAIN|CLUSTERDOWN|BUSY|NOREPLICAS)\b/;

/**
 * A connection to Redis that opens with its first command, and again when it was lost. Commands are sent in the order
 * in which they are given. While there is no connection they reject, with an `EventLogUnavailableError`.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #name: string;
  readonly #logger: Logger | undefined;
  #client: RedisClient | undefined;
  #opening: Promise<RedisClient> | undefined;
  /** How many commands wait for their replies, and how often that was looked at since the last reply. */
  #waiting = 0;
  #looks = 0;
  #lookTimer: NodeJS.Timeout | undefined;
  /** Gives up the client that is connecting. */
  #abandon: () => void = () => undefined;

  /** @param logger told when the connection is lost, and when it is back */
  constructor(url: string, logger?: Logger) {
    this.#url = url;
    this.#name = withoutPassword(url);
    this.#logger = logger;
  }

  /** Sends a command. Rejects with what Redis answers, or with an `EventLogUnavailableError`. */
  async run<TReply>(command: (client: RedisClient) => Promise<TReply>): Promise<TReply> {
    let isSent = false;
    try {
      // Awaited only when it has to be, so that the order of commands is that of the calls.
      const client = this.#client ?? (await this.#watch(this.#open()));
      isSent = client.isReady;
      return await this.#watch(command(client));
    } catch (error) {
      throw this.#explain(error, isSent);
    }
  }

  /** Drops the connection; what waits for a reply rejects. */
  close(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#opening = undefined;
    this.#abandon();
    client?.destroy();
  }

  /** Has a connection on which nobody answers dropped, e.g. to a server that stands still; the next command opens another. */
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

  /** Looks are counted rather than time, which passes as well while this process is too busy to read its replies. */
  #look(): void {
    if (++this.#looks > REPLY_TIMEOUT / LOOK_INTERVAL) {
      this.#logger?.warn(`Redis at ${this.#name} does not answer: streams wait, publishing fails.`);
      this.close();
    }
  }

  #open(): Promise<RedisClient> {
    this.#opening ??= this.#connect().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect(): Promise<RedisClient> {
    let hasConnected = false;
    let isLost = false;
    const client = open(this.#url, (retries, cause) =>
      // What cannot be reached at first is a wrong URL rather than an outage.
      hasConnected ? Math.min(2 ** retries * 25, MAX_RECONNECT_DELAY) : cause,
    );
    client.on('error', (error: Error) => {
      if (this.#client === client && !isLost) {
        isLost = true;
        this.#logger?.warn(
          `Redis at ${this.#name} is lost (${describe(error)}): streams wait, publishing fails.`,
        );
      }
    });
    client.on('ready', () => {
      if (isLost) {
        isLost = false;
        this.#logger?.log(`Redis at ${this.#name} is back.`);
      }
    });
    // A client that is destroyed while it connects leaves whoever awaits it waiting.
    const abandoned = new Promise<never>((_, reject) => {
      this.#abandon = () => {
        client.destroy();
        reject(new Error('the connection was closed'));
      };
    });
    await Promise.race([client.connect(), abandoned]);
    this.#abandon = () => undefined;
    hasConnected = true;
    this.#client = client;
    return client;
  }

  #explain(error: unknown, isSent: boolean): unknown {
    if (error instanceof ErrorReply && !NOT_READY.test(error.message)) {
      return error;
    }
    return new EventLogUnavailableError(
      `Redis at ${this.#name} cannot be reached (${describe(error)}), so that ` +
        (isSent
          ? 'it is not known whether the command was carried out. '
          : 'the command was not sent. ') +
        'Check the "url" of RedisEventLog, and that the server runs.',
      { cause: error },
    );
  }
}

function open(url: string, reconnectStrategy: (retries: number, cause: Error) => number | Error) {
  return createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: PING_INTERVAL,
    // That of the client is for commands that wait to be sent, as all do while this process is busy.
    commandOptions: { timeout: undefined },
    socket: { reconnectStrategy },
  });
}

/** Throws a `TypeError` for a text that is no URL of a Redis server. */
export function checkRedisURL(url: unknown): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : undefined;
  if (
    typeof url !== 'string' ||
    (parsed?.protocol !== 'redis:' && parsed?.protocol !== 'rediss:')
  ) {
    const given = typeof url === 'string' ? `"${url.replace(/\/\/.*@/s, '//…@')}"` : typeof url;
    throw new TypeError(
      `The option "url" of RedisEventLog must be like "redis://localhost:6379", got ${given}.`,
    );
  }
  return url;
}

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function describe(error: unknown): string {
  const { originalError } = error as { originalError?: unknown };
  const cause = originalError ?? error;
  if (cause instanceof AggregateError) {
    return cause.errors.map(describe).join(', ');
  }
  return cause instanceof Error ? cause.message : String(cause);
}
