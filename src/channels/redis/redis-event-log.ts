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

/** Options of `RedisEventLog`: retention, one way to reach Redis, and where the keys are. @publicApi */
export interface RedisEventLogOptions extends Retention {
  /** One server and its database, e.g. `redis://user:password@localhost:6379/0`; `rediss:` for TLS. */
  readonly url?: string;
  /** A cluster, by the options of `createCluster()` of the official client. */
  readonly cluster?: RedisClusterOptions;
  /** A master that Sentinel names, by the options of `createSentinel()` of the official client. */
  readonly sentinel?: RedisSentinelOptions;
  /** A client of your own, of a server, a cluster or Sentinel. It is left open. Duplicates of it wait for events. */
  readonly client?: RedisClientLike;
  /** Begins every key. Without braces and white space. @default 'nestjs-responses' */
  readonly prefix?: string;
  /**
   * How many groups the channels are divided into, from 1 to 1,024. In a cluster the channels of a group are on one server,
   * and each process holds one connection for each group that it follows. The same for all processes. @default 16
   */
  readonly shards?: number;
}

/** The fields of an entry of a stream. */
const FIELD = { previous: 'previous', event: 'event', data: 'data', json: 'json', end: 'end' };

/**
 * Keeps events in Redis Streams, so that all processes with the same servers and `prefix` have the same channels. Runs on
 * Redis 6.2 or later and on Valkey: one server, a cluster, or a master with Sentinel. The ids of events are those of the
 * entries.
 *
 * A process holds a connection for commands, and one that waits for events; in a cluster, one that waits for each shard. They
 * open with the first use. Servers that cannot do what is needed are an error then, which says what is missing.
 *
 * Events are trimmed as they are published, by whole blocks of a stream: a little more than `maxLength` and `maxAge` say
 * may be retained, never less.
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
   * Throws a `TypeError` for options that contradict each other, a `url` that is none, and a bound that is not a positive
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
    // The place first, as what is appended between the two commands has to be among the entries. No transaction: a
    // server that still loads its data refuses one with an error that does not say so.
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

  /** Returns what reads the streams of a shard: one reader for all shards unless they may be on different servers. */
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

  /** Tries once what is needed of the servers. */
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
        // The script as a whole each time: sent by its hash alone, one that Redis has forgotten would be overtaken by
        // those that are published after it.
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
