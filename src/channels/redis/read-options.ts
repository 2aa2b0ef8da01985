import { Keys } from './keys.js';
import type { RedisEventLogOptions } from './redis-event-log.js';
import { borrowed, cluster, sentinel, singleServer, type RedisTopology } from './redis-topology.js';

const PREFIX = 'nestjs-responses';
const SHARDS = 16;
const MAX_SHARDS = 1024;

const KNOWN = ['url', 'cluster', 'sentinel', 'client', 'prefix', 'shards', 'maxLength', 'maxAge'];

/** Returns the topology and the keys for options. Throws a `TypeError` for invalid options. */
export function readOptions(options: RedisEventLogOptions): {
  readonly topology: RedisTopology;
  readonly keys: Keys;
} {
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `RedisEventLog has no option "${unknown}". Its options are ${KNOWN.join(', ')}.`,
    );
  }
  const { prefix = PREFIX, shards = SHARDS } = options;
  if (typeof prefix !== 'string' || !/^[^{}\s]+$/.test(prefix)) {
    throw new TypeError(
      `The option "prefix" of RedisEventLog must be text without braces and white space, got ${JSON.stringify(prefix)}. ` +
        'Braces are reserved for the shards.',
    );
  }
  if (!Number.isInteger(shards) || shards < 1 || shards > MAX_SHARDS) {
    throw new TypeError(
      `The option "shards" of RedisEventLog must be an integer from 1 to ${MAX_SHARDS}, got ${shards}.`,
    );
  }
  return { topology: topologyOf(options), keys: new Keys(prefix, shards) };
}

function topologyOf(options: RedisEventLogOptions): RedisTopology {
  const given = (['url', 'cluster', 'sentinel', 'client'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (given.length > 1) {
    throw new TypeError(
      `RedisEventLog accepts only one way to reach Redis, got ${given.map((name) => `"${name}"`).join(' and ')}. Remove all but one.`,
    );
  }
  if (options.cluster !== undefined) {
    checkNodes('cluster', 'rootNodes', options.cluster);
    return cluster(options.cluster);
  }
  if (options.sentinel !== undefined) {
    checkNodes('sentinel', 'sentinelRootNodes', options.sentinel);
    if (!options.sentinel.name) {
      throw new TypeError(
        'The option "sentinel" of RedisEventLog needs the "name" of a master, as Sentinel monitors it.',
      );
    }
    return sentinel(options.sentinel);
  }
  if (options.client !== undefined) {
    const { client } = options;
    if (typeof client !== 'object' || client === null || typeof client.duplicate !== 'function') {
      throw new TypeError(
        'The option "client" of RedisEventLog must be a client of the package "redis", created by createClient(), ' +
          `createCluster() or createSentinel(), got ${client === null ? 'null' : typeof client}.`,
      );
    }
    return borrowed(client);
  }
  return singleServer(checkURL(options.url));
}

function checkNodes(option: string, name: string, value: object): void {
  const nodes = (value as Readonly<Record<string, unknown>>)[name];
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw new TypeError(
      `The option "${option}" of RedisEventLog needs "${name}", an array of at least one server.`,
    );
  }
}

/** Throws a `TypeError` for a text that is not the URL of a Redis server. */
function checkURL(url: unknown): string {
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
