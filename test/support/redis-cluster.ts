import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createCluster } from 'redis';
import { findProgram } from './programs.js';
import { RedisProcess } from './redis-process.js';
import { freePort, redisProgram } from './redis-server.js';

const execute = promisify(execFile);
const cli = findProgram('redis-cli') ?? 'redis-cli';
const NODES = 6;

/** A cluster of three masters with a replica each. */
export class RedisCluster {
  private constructor(
    private readonly directory: string,
    readonly nodes: readonly RedisProcess[],
  ) {}

  static async start(): Promise<RedisCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'redis-cluster-'));
    const nodes: RedisProcess[] = [];
    for (let index = 0; index < NODES; index++) {
      nodes.push(await startNode(directory, index));
    }
    const cluster = new RedisCluster(directory, nodes);
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await execute(cli, [
      '--cluster',
      'create',
      ...addresses,
      '--cluster-replicas',
      '1',
      '--cluster-yes',
    ]);
    await cluster.settled();
    return cluster;
  }

  get rootNodes(): { url: string }[] {
    return this.nodes.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` }));
  }

  /** Resolves when all nodes serve, and know all masters and their replicas. */
  async settled(): Promise<void> {
    await Promise.all(
      this.nodes.map(async ({ port }) => {
        for (;;) {
          const { stdout } = await execute(cli, ['-p', `${port}`, 'cluster', 'nodes']);
          const state = await this.run(port, 'cluster', 'info');
          const lines = stdout.trim().split('\n');
          const isSettled =
            state.includes('cluster_state:ok') &&
            lines.length === NODES &&
            lines.filter((line) => line.includes('slave')).length === NODES / 2 &&
            lines.every((line) => line.includes(' connected'));
          if (isSettled) {
            return;
          }
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }),
    );
  }

  /** Runs a command on a node. */
  async run(port: number, ...args: readonly string[]): Promise<string> {
    const { stdout } = await execute(cli, ['-p', `${port}`, ...args]);
    return stdout.trim();
  }

  /** The port of the master of a key. */
  async masterOf(key: string): Promise<number> {
    const client = createCluster({ rootNodes: this.rootNodes });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.exists(key);
      const { port } = (await client.getNodeClientForKey(key)).options.socket as { port: number };
      return port;
    } finally {
      client.destroy();
    }
  }

  /** Kills the master of a key. Its replica takes over. */
  async killMasterOf(key: string): Promise<void> {
    const port = await this.masterOf(key);
    await this.nodes.find((node) => node.port === port)?.stop();
  }

  /** Moves the slot of a key, with all of its keys, to another master. */
  async moveSlotOf(key: string): Promise<void> {
    const from = await this.masterOf(key);
    const slot = await this.run(from, 'cluster', 'keyslot', key);
    const ids = new Map<number, string>();
    for (const line of (await this.run(from, 'cluster', 'nodes')).split('\n')) {
      const [id = '', address = '', flags = ''] = line.split(' ');
      if (flags.includes('master') && !flags.includes('fail')) {
        ids.set(Number(address.split('@')[0]?.split(':').at(-1)), id);
      }
    }
    const to = [...ids.keys()].find((port) => port !== from) as number;
    await this.run(to, 'cluster', 'setslot', slot, 'importing', ids.get(from) as string);
    await this.run(from, 'cluster', 'setslot', slot, 'migrating', ids.get(to) as string);
    for (;;) {
      const keys = await this.run(from, 'cluster', 'getkeysinslot', slot, '100');
      if (keys === '') {
        break;
      }
      await this.run(
        from,
        'migrate',
        '127.0.0.1',
        `${to}`,
        '',
        '0',
        '5000',
        'keys',
        ...keys.split('\n'),
      );
    }
    for (const port of ids.keys()) {
      await this.run(port, 'cluster', 'setslot', slot, 'node', ids.get(to) as string);
    }
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function startNode(directory: string, index: number): Promise<RedisProcess> {
  // The bus of the cluster listens 10,000 ports above.
  let port = await freePort();
  while (port > 50_000) {
    port = await freePort();
  }
  const own = join(directory, `${index}`);
  await mkdir(own);
  const options = [
    ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', own, '--save', ''],
    ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
    ['--repl-diskless-sync-delay', '0'],
  ].flat();
  return RedisProcess.start(
    redisProgram ?? 'redis-server',
    options,
    port,
    'Ready to accept connections',
  );
}
