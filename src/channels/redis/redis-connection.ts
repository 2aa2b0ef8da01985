import type { Logger } from '@nestjs/common';
import { createClient, ErrorReply } from 'redis';
import { EventLogUnavailableError } from '../../../libs/event-log/index.js';

export type RedisClient = ReturnType<typeof open>;

/** How long a command may wait for its reply, and a connection be silent, before it is given up, in milliseconds. */
const REPLY_TIMEOUT = 10_000;
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
    let timer: NodeJS.Timeout | undefined;
    try {
      // Awaited only when it has to be, so that the order of commands is that of the calls.
      const client = this.#client ?? (await this.#open());
      isSent = client.isReady;
      timer = setTimeout(() => this.#giveUp(client), REPLY_TIMEOUT);
      return await command(client);
    } catch (error) {
      throw this.#explain(error, isSent);
    } finally {
      clearTimeout(timer);
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

  /** Drops a connection on which nobody answers, e.g. to a server that stands still; the next command opens another. */
  #giveUp(client: RedisClient): void {
    if (this.#client === client) {
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
    socket: { reconnectStrategy, socketTimeout: REPLY_TIMEOUT },
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
