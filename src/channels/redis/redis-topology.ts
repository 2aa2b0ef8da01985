import { createClient, createCluster, createSentinel } from 'redis';
import type { RedisHandle } from './redis-handle.js';

/** The options of `createCluster()` of the official client. */
export type RedisClusterOptions = NonNullable<Parameters<typeof createCluster>[0]>;
/** The options of `createSentinel()` of the official client. */
export type RedisSentinelOptions = Parameters<typeof createSentinel>[0];

/** A client of the official package, created by `createClient()`, `createCluster()` or `createSentinel()`. */
export interface RedisClientLike {
  /** True if it has been connected, and not closed. */
  readonly isOpen: boolean;
  /** Connects. Called unless it is open. */
  connect(): Promise<unknown>;
  /** Returns a client with the same options, which is not connected. */
  duplicate(): unknown;
}

/** Returns the time until a lost connection is reopened, in milliseconds, or an error to give up. */
export type ReconnectStrategy = (retries: number, cause: Error) => number | Error;

/** Creates the clients of one kind of connection. */
export interface ClientSource {
  /** The name of the servers in messages, without a password. */
  readonly name: string;
  /** The option that messages refer to. */
  readonly option: string;
  /** True if a client reconnects by itself. Otherwise, a lost client is replaced by a new one. */
  readonly reconnects: boolean;
  /** True if the client belongs to the application. It is then neither changed nor closed. */
  readonly isBorrowed: boolean;
  /** Creates a client that is not connected yet, or returns the client of the application. */
  make(reconnect: ReconnectStrategy): RedisHandle | Promise<RedisHandle>;
  /** Releases the resources that found the servers. */
  close?(): void;
}

/** The ways to reach the servers. */
export interface RedisTopology {
  readonly commands: ClientSource;
  /** True if each shard needs its own connection to wait on, because shards may be on different servers. */
  readonly isSharded: boolean;
  /**
   * Returns the source of clients that wait for streams.
   *
   * @param key any key of the shard
   * @param open returns the client for commands
   */
  blocking(key: string, open: () => Promise<RedisHandle>): ClientSource;
}

/** The interval of pings on a quiet connection, in milliseconds. */
const PING_INTERVAL = 5_000;
/** The time without one of its nodes after which the topology of a cluster is read again, in milliseconds. */
const REFRESH_AFTER = 500;

const NODE = {
  // Commands reject while there is no connection: the caller decides what to do.
  disableOfflineQueue: true,
  pingInterval: PING_INTERVAL,
  // That of the client is for commands that wait to be sent, as all do while this process is busy.
  commandOptions: { timeout: undefined },
} as const;

/** One server. */
export function singleServer(url: string): RedisTopology {
  const source: ClientSource = {
    name: withoutPassword(url),
    option: 'url',
    reconnects: true,
    isBorrowed: false,
    make: (reconnectStrategy) =>
      createClient({ ...NODE, url, socket: { reconnectStrategy } }) as unknown as RedisHandle,
  };
  return { commands: source, isSharded: false, blocking: () => source };
}

/**
 * A cluster. Waits on a connection to the master of each shard. Finds the master again after the connection is lost.
 */
export function cluster(options: RedisClusterOptions): RedisTopology {
  const { pingInterval, disableOfflineQueue } = NODE;
  const name = `the cluster of ${options.rootNodes.map(addressOf).join(', ')}`;
  return {
    isSharded: true,
    commands: {
      name,
      option: 'cluster',
      reconnects: true,
      isBorrowed: false,
      make: () =>
        createCluster({
          topologyRefreshOnReconnectionAttemptStrategy: REFRESH_AFTER,
          ...options,
          defaults: { pingInterval, disableOfflineQueue, ...options.defaults },
        }) as unknown as RedisHandle,
    },
    blocking: (key, open) => clusterNode(name, 'cluster', key, open),
  };
}

/** A master that Sentinel monitors. Each connection is opened to the current master. */
export function sentinel(options: RedisSentinelOptions): RedisTopology {
  const addresses = options.sentinelRootNodes.map(({ host, port }) => `${host}:${port}`);
  let finder: ReturnType<typeof createSentinel> | undefined;
  const source: ClientSource = {
    name: `"${options.name}" of the Sentinels at ${addresses.join(', ')}`,
    option: 'sentinel',
    reconnects: false,
    isBorrowed: false,
    make: async () => {
      finder ??= await findMasters(options);
      const node = finder.getMasterNode();
      if (!node) {
        throw new Error(`Sentinel knows no master "${options.name}"`);
      }
      const { nodeClientOptions: own } = options;
      const socket = { ...own?.socket, ...node, reconnectStrategy: false as const };
      return createClient({ ...NODE, ...own, socket } as object) as unknown as RedisHandle;
    },
    close: () => {
      const found = finder;
      finder = undefined;
      // Rejects its waiting commands, but there are none.
      found?.destroy().catch(() => undefined);
    },
  };
  return { commands: source, isSharded: false, blocking: () => source };
}

async function findMasters(
  options: RedisSentinelOptions,
): Promise<ReturnType<typeof createSentinel>> {
  const finder = createSentinel({ scanInterval: 1_000, ...options });
  finder.on('error', () => undefined);
  try {
    return await finder.connect();
  } catch (error) {
    finder.destroy().catch(() => undefined);
    throw error;
  }
}

/** A client of the application, for commands. Waits on duplicates of it. */
export function borrowed(client: RedisClientLike): RedisTopology {
  const name = 'the given client';
  const isCluster = 'getNodeClientForKey' in client;
  const commands: ClientSource = {
    name,
    option: 'client',
    reconnects: true,
    isBorrowed: true,
    make: () => client as unknown as RedisHandle,
  };
  return {
    commands,
    isSharded: isCluster,
    blocking: (key, open) =>
      isCluster
        ? clusterNode(name, 'client', key, open)
        : {
            ...commands,
            isBorrowed: false,
            make: () => client.duplicate() as RedisHandle,
          },
  };
}

/** The part of a cluster client that finds the master of a key. */
interface Cluster {
  exists(key: string): Promise<unknown>;
  getNodeClientForKey(key: string): Promise<{
    readonly options: { readonly socket?: object };
    duplicate(options: object): unknown;
  }>;
}

function clusterNode(
  name: string,
  option: string,
  key: string,
  open: () => Promise<RedisHandle>,
): ClientSource {
  return {
    name,
    option,
    reconnects: false,
    isBorrowed: false,
    make: async () => {
      const all = (await open()) as unknown as Cluster;
      // A redirection of this command updates the client's map of slots.
      await all.exists(key);
      const node = await all.getNodeClientForKey(key);
      const socket = { ...node.options.socket, reconnectStrategy: false };
      return node.duplicate({ ...NODE, socket }) as RedisHandle;
    },
  };
}

function addressOf({ url, socket }: RedisClusterOptions['rootNodes'][number]): string {
  const { host = 'localhost', port = 6379 } = (socket ?? {}) as { host?: string; port?: number };
  return url === undefined ? `${host}:${port}` : withoutPassword(url);
}

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
