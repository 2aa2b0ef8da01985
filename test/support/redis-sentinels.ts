import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { findProgram } from './programs.js';
import { RedisProcess } from './redis-process.js';
import { freePort, redisProgram } from './redis-server.js';

/** The path of Sentinel. Undefined if it is not installed. */
export const sentinelProgram = findProgram('redis-sentinel');

const NAME = 'mymaster';

/** A master with a replica, and three Sentinels that watch them. */
export class RedisSentinels {
  readonly name = NAME;

  private constructor(
    private readonly directory: string,
    private readonly servers: readonly RedisProcess[],
    private readonly sentinels: readonly RedisProcess[],
  ) {}

  static async start(): Promise<RedisSentinels> {
    const directory = await mkdtemp(join(tmpdir(), 'redis-sentinel-'));
    const master = await startServer(directory, []);
    const replica = await startServer(directory, ['--replicaof', `127.0.0.1 ${master.port}`]);
    const sentinels: RedisProcess[] = [];
    for (let index = 0; index < 3; index++) {
      sentinels.push(await startSentinel(directory, index, master.port));
    }
    const all = new RedisSentinels(directory, [master, replica], sentinels);
    await all.settled();
    return all;
  }

  get sentinelRootNodes(): { host: string; port: number }[] {
    return this.sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  /** The port of the master, as the first Sentinel names it. */
  async master(): Promise<number> {
    const address = (await this.ask('GET-MASTER-ADDR-BY-NAME')) as unknown as [string, string];
    return Number(address[1]);
  }

  /** Makes the replica take over. The old master becomes its replica. */
  async failover(): Promise<void> {
    const before = await this.master();
    await this.ask('FAILOVER');
    await this.changed(before);
  }

  /** Kills the master. The replica takes over. */
  async killMaster(): Promise<void> {
    const before = await this.master();
    await this.servers.find(({ port }) => port === before)?.stop();
    await this.changed(before);
  }

  async remove(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((one) => one.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }

  private async changed(before: number): Promise<void> {
    while ((await this.master()) === before) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Resolves when all Sentinels know each other and the replica. */
  private async settled(): Promise<void> {
    for (;;) {
      const states = await Promise.all(this.sentinels.map(({ port }) => ask(port, 'MASTER', NAME)));
      const isSettled = states.every((state) => {
        const map = state as unknown as Record<string, string>;
        return map['num-other-sentinels'] === '2' && map['num-slaves'] === '1';
      });
      if (isSettled) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private ask(command: string): Promise<unknown> {
    return ask(this.sentinels[0]?.port as number, command, NAME);
  }
}

async function ask(port: number, ...args: string[]): Promise<unknown> {
  const client = createClient({ socket: { host: '127.0.0.1', port } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.sendCommand(['SENTINEL', ...args]);
  } finally {
    client.destroy();
  }
}

async function startServer(directory: string, options: readonly string[]): Promise<RedisProcess> {
  const port = await freePort();
  return RedisProcess.start(
    redisProgram ?? 'redis-server',
    [
      ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', ''],
      ['--dbfilename', `${port}.rdb`, '--repl-diskless-sync-delay', '0'],
      options,
    ].flat(),
    port,
    'Ready to accept connections',
  );
}

async function startSentinel(
  directory: string,
  index: number,
  master: number,
): Promise<RedisProcess> {
  const port = await freePort();
  const path = join(directory, `sentinel-${index}.conf`);
  await writeFile(
    path,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${directory}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${master} 2`,
      `sentinel down-after-milliseconds ${NAME} 1000`,
      `sentinel failover-timeout ${NAME} 3000`,
      '',
    ].join('\n'),
  );
  return RedisProcess.start(sentinelProgram ?? 'redis-sentinel', [path], port, '+monitor');
}
