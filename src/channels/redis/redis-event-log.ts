import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import {
  ChannelEndedError,
  checkRetention,
  PLACE_AGE,
  type EventLog,
  type LogEntry,
  type LogPage,
  type LogRecord,
  type Retention,
} from '../../../libs/event-log/index.js';
import { APPEND_SCRIPT, ENDED_MARK } from './append-script.js';
import { BEFORE_ALL, isEntryId } from './entry-id.js';
import { checkServer } from './check-server.js';
import type { Keys } from './keys.js';
import { readOptions } from './read-options.js';
import { RedisConnection } from './redis-connection.js';
import type { StreamMessage } from './redis-handle.js';
import type {
  RedisClientLike,
  RedisClusterOptions,
  RedisSentinelOptions,
  RedisTopology,
} from './redis-topology.js';
import { StreamReader } from './stream-reader.js';

/** Options of `RedisEventLog`: the retention, one way to reach Redis, and the keys. @publicApi */
export interface RedisEventLogOptions extends Retention {
  /** One server and its database, e.g. `redis://user:password@localhost:6379/0`. Use `rediss:` for TLS. */
  readonly url?: string;
  /** A cluster, with the options of `createCluster()` of the official client. */
  readonly cluster?: RedisClusterOptions;
  /** A master that Sentinel monitors, with the options of `createSentinel()` of the official client. */
  readonly sentinel?: RedisSentinelOptions;
  /** Your own client, for a server, a cluster or Sentinel. It is not closed. Duplicates of it wait for events. */
  readonly client?: RedisClientLike;
  /** The start of every key, without braces and white space. @default 'nestjs-responses' */
  readonly prefix?: string;
  /**
   * The number of groups of channels, from 1 to 1,024. In a cluster, the channels of a group are on one server, and
   * each process uses one connection for each group that it follows. Must be the same in all processes. @default 16
   */
  readonly shards?: number;
}

/** The fields of a stream entry. */
const FIELD = { previous: 'previous', event: 'event', data: 'data', json: 'json', end: 'end' };

/**
 * Stores events in Redis Streams, so that all processes with the same servers and `prefix` share their channels.
 * Supports Redis 6.2 or later and Valkey: one server, a cluster, or a master with Sentinel. The ids of events are those
 * of the stream entries.
 *
 * A process uses one connection for commands and one that waits for events; in a cluster, one that waits for each
 * shard. They open on first use. If a server does not support a required command, the first use throws an error that
 * names the problem.
 *
 * Events are trimmed when others are published, in whole blocks of a stream. Slightly more than `maxLength` and
 * `maxAge` may be retained, never less.
 *
 * @publicApi
 */
export class RedisEventLog implements EventLog {
  readonly #maxLength: number;
  readonly #maxAge: number;
  readonly #keys: Keys;
  readonly #topology: RedisTopology;
  readonly #commands: RedisConnection;
  readonly #readers = new Map<number, StreamReader>();
  #check: Promise<void> | undefined;
  #isChecked = false;

  /**
   * Throws a `TypeError` for options that contradict each other, an invalid `url`, and a limit that is not a positive
   * integer.
   */
  constructor(options: RedisEventLogOptions) {
    const { maxLength, maxAge } = options;
    const { topology, keys } = readOptions(options);
    const retention = checkRetention(RedisEventLog.name, {
      ...(maxLength !== undefined && { maxLength }),
      ...(maxAge !== undefined && { maxAge }),
    });
    this.#maxLength = retention.maxLength;
    this.#maxAge = retention.maxAge;
    this.#keys = keys;
    this.#topology = topology;
    this.#commands = new RedisConnection(topology.commands, new Logger(RedisEventLog.name));
  }

  async append(channel: string, { event, data, isJSON }: LogRecord): Promise<string> {
    const fields = [
      ...(event === undefined ? [] : [FIELD.event, event]),
      ...(data === undefined ? [] : [FIELD.data, data]),
      ...(isJSON ? [FIELD.json, '1'] : []),
    ];
    const id = await this.#add(channel, '', fields);
    if (id === null) {
      throw new ChannelEndedError(channel);
    }
    return id;
  }

  async end(channel: string): Promise<void> {
    await this.#add(channel, ENDED_MARK, [FIELD.end, '1']);
  }

  async read(channel: string, after: string | undefined, count: number): Promise<LogPage> {
    if (!this.#isChecked) {
      await this.#checkServer();
    }
    const { stream, place } = this.#keys.of(channel);
    const isReadable = count > 0 && (after === undefined || isEntryId(after));
    const start = after === undefined ? '-' : `(${after}`;
    // Reads the place first, because entries that are added between the two commands must be in the result. Not a
    // transaction: a server that is still loading its data rejects one with a misleading error.
    const [last, messages] = await this.#commands.run((client) =>
      Promise.all([
        client.get(place),
        isReadable ? client.xRange(stream, start, '+', { COUNT: count }) : [],
      ]),
    );
    return { entries: (messages ?? []).map(entryOf), ...readPlace(last) };
  }

  async *follow(
    channel: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly LogEntry[], void, undefined> {
    if (!this.#isChecked) {
      await this.#checkServer();
    }
    const { stream } = this.#keys.of(channel);
    const reader = this.#readerOf(this.#keys.shardOf(channel));
    let last = after !== undefined && isEntryId(after) ? after : BEFORE_ALL;
    while (!signal.aborted) {
      const messages = await reader.next(stream, last, signal);
      const entries = messages.map(entryOf);
      const newest = entries.at(-1);
      if (!newest) {
        return;
      }
      last = newest.id;
      yield entries;
      if (newest.isEnd) {
        return;
      }
    }
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.values()) {
      reader.close();
    }
    this.#readers.clear();
    this.#commands.end();
  }

  /**
   * Returns the reader of the streams of a shard. One reader serves all shards unless they may be on different servers.
   */
  #readerOf(shard: number): StreamReader {
    const index = this.#topology.isSharded ? shard : 0;
    let reader = this.#readers.get(index);
    if (reader === undefined) {
      const key = this.#keys.wake(index, randomUUID());
      const source = this.#topology.blocking(key, () => this.#commands.handle());
      reader = new StreamReader(new RedisConnection(source), this.#commands, key);
      this.#readers.set(index, reader);
    }
    return reader;
  }

  /** Checks the servers once. */
  #checkServer(): Promise<void> {
    this.#check ??= checkServer(this.#commands, this.#keys, this.#topology).then(
      () => {
        this.#isChecked = true;
      },
      (error: unknown) => {
        this.#check = undefined;
        throw error;
      },
    );
    return this.#check;
  }

  async #add(channel: string, mark: string, fields: readonly string[]): Promise<string | null> {
    if (!this.#isChecked) {
      await this.#checkServer();
    }
    const { stream, place } = this.#keys.of(channel);
    const placeAge = mark === ENDED_MARK ? this.#maxAge : Math.max(this.#maxAge, PLACE_AGE);
    return this.#commands.run(
      (client) =>
        // Sends the whole script each time. If it were sent by its hash, and Redis had evicted it, later events could
        // overtake this one.
        client.eval(APPEND_SCRIPT, {
          keys: [stream, place],
          arguments: [`${this.#maxLength}`, `${this.#maxAge}`, `${placeAge}`, mark, ...fields],
        }) as Promise<string | null>,
    );
  }
}

function entryOf({ id, message }: StreamMessage): LogEntry {
  return {
    id,
    previous: message[FIELD.previous] || undefined,
    event: message[FIELD.event],
    data: message[FIELD.data],
    isJSON: FIELD.json in message,
    isEnd: FIELD.end in message,
  };
}

function readPlace(place: string | null): Pick<LogPage, 'last' | 'isEnded'> {
  const isEnded = place?.endsWith(ENDED_MARK) ?? false;
  return { last: (isEnded ? place?.slice(0, -ENDED_MARK.length) : place) ?? undefined, isEnded };
}
