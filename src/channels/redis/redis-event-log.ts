import { Logger } from '@nestjs/common';
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
import { keysOf } from './keys.js';
import { checkRedisURL, RedisConnection } from './redis-connection.js';
import { StreamReader, type StreamMessage } from './stream-reader.js';

/** Options of `RedisEventLog`. @publicApi */
export interface RedisEventLogOptions extends Retention {
  /** The server and its database, e.g. `redis://user:password@localhost:6379/0`; `rediss:` for TLS. */
  readonly url: string;
}

/** The fields of an entry of a stream. */
const FIELD = { previous: 'previous', event: 'event', data: 'data', json: 'json', end: 'end' };

/**
 * Keeps events in Redis Streams (Redis 6.2 or later), so that all processes with the same server and database have the
 * same channels. The ids of events are those of the entries. A process holds two connections: one for commands, and one
 * that waits for what comes to all the channels that are followed in it. Both open with the first use.
 *
 * Events are trimmed as they are published, by whole blocks of a stream: a little more than `maxLength` and `maxAge` say
 * may be retained, never less.
 *
 * @publicApi
 */
export class RedisEventLog implements EventLog {
  readonly #maxLength: number;
  readonly #maxAge: number;
  readonly #commands: RedisConnection;
  readonly #blocking: RedisConnection;
  readonly #reader: StreamReader;

  /** Throws a `TypeError` for a `url` that is none, and for a bound that is no positive integer. */
  constructor({ url, ...retention }: RedisEventLogOptions) {
    const checked = checkRedisURL(url);
    const { maxLength, maxAge } = checkRetention(RedisEventLog.name, retention);
    this.#maxLength = maxLength;
    this.#maxAge = maxAge;
    this.#commands = new RedisConnection(checked, new Logger(RedisEventLog.name));
    this.#blocking = new RedisConnection(checked);
    this.#reader = new StreamReader(this.#blocking, this.#commands);
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
    const { stream, place } = keysOf(channel);
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
    const { stream } = keysOf(channel);
    let last = after !== undefined && isEntryId(after) ? after : BEFORE_ALL;
    while (!signal.aborted) {
      const messages = await this.#reader.next(stream, last, signal);
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
    this.#reader.close();
    this.#blocking.close();
    this.#commands.close();
  }

  #add(channel: string, mark: string, fields: readonly string[]): Promise<string | null> {
    const { stream, place } = keysOf(channel);
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
