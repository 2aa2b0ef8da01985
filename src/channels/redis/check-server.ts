import { randomUUID } from 'node:crypto';
import { EventLogUnavailableError } from '../../../libs/event-log/index.js';
import { APPEND_SCRIPT } from './append-script.js';
import { BEFORE_ALL } from './entry-id.js';
import type { Keys } from './keys.js';
import type { RedisConnection } from './redis-connection.js';
import type { RedisTopology } from './redis-topology.js';

/** The lifetime of the keys that the check writes, in milliseconds. */
const BRIEF = 1;

/** The commands that a Redis user needs, for messages and the documentation. */
export const NEEDED_COMMANDS = '+eval +get +set +xadd +xtrim +pexpire +xrange +xread +exists +ping';

/**
 * Tries each required command on keys that expire immediately. Throws an error that names the problem: a command that
 * the user may not run, a server before 6.2, or a cluster node that was passed as a single server.
 */
export async function checkServer(
  commands: RedisConnection,
  keys: Keys,
  { isSharded, commands: { name, option } }: RedisTopology,
): Promise<void> {
  const probe = `probe:${randomUUID()}`;
  const { stream, place } = keys.of(probe);
  const wake = keys.wake(keys.shardOf(probe), probe);
  // In another shard, so that a cluster node cannot read both at once.
  const other = keys.wake((keys.shardOf(probe) + 1) % keys.shards, probe);
  const streams = [stream, isSharded ? wake : other].map((key) => ({ key, id: BEFORE_ALL }));
  try {
    await commands.run((client) =>
      client.eval(APPEND_SCRIPT, {
        keys: [stream, place],
        arguments: ['1', `${BRIEF}`, `${BRIEF}`, '', 'data', ''],
      }),
    );
    await commands.run((client) => client.get(place));
    await commands.run((client) => client.xRange(stream, '-', '+', { COUNT: 1 }));
    await commands.run((client) => client.xAdd(wake, '*', { wake: '' }));
    await commands.run((client) => client.pExpire(wake, BRIEF));
    await commands.run((client) => client.xRead(streams, { COUNT: 1 }));
  } catch (error) {
    throw explain(error as Error, name, option);
  }
}

function explain(error: Error, name: string, option: string): Error {
  const cause = rootOf(error);
  const says = cause.message;
  const because = (what: string) =>
    new Error(`RedisEventLog cannot use Redis at ${name}: ${what} The server replied: "${says}".`, {
      cause: error,
    });
  if (/NOPERM|no permissions?\b|ACL failure|can't run this command/i.test(says)) {
    return because(
      `its user is not allowed to run a command or use a key. Grant ${NEEDED_COMMANDS}.`,
    );
  }
  if (/^(CROSSSLOT|MOVED|ASK)\b/.test(says) && option === 'url') {
    return because('it is a node of a cluster. Use the option "cluster" instead of "url".');
  }
  if (/NOAUTH|WRONGPASS/.test(says)) {
    return because('the user or the password is missing or wrong.');
  }
  if (/unknown command|syntax error/i.test(says)) {
    return because('it needs Redis 6.2 or later, or Valkey.');
  }
  return error;
}

function rootOf(error: Error): Error {
  return error instanceof EventLogUnavailableError && error.cause instanceof Error
    ? error.cause
    : error;
}
