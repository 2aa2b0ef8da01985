import { setTimeout as pause } from 'node:timers/promises';
import { Keys } from '../../src/channels/redis/keys.js';
import type { RedisEventLogOptions } from '../../src/channels/redis/index.js';
import { buildProgram } from '../support/build-program.js';
import { openEventStream } from '../support/event-stream-client.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisSentinels } from '../support/redis-sentinels.js';
import { freePort } from '../support/redis-server.js';
import { Application } from './storm-application.js';

export interface FailoverOptions {
  readonly engine: 'sentinel' | 'cluster';
  readonly channels: number;
  readonly clients: number;
  /** The number of events per channel. */
  readonly events: number;
}

export interface FailoverResult {
  readonly seconds: number;
  /** The events that were sent to clients. */
  readonly deliveries: number;
  readonly connections: number;
  /** Publications that failed while the engine had no master. */
  readonly refused: number;
  /** Events that were acknowledged, and that the new master does not have. */
  readonly lost: number;
  /** Gaps that were reported to clients. */
  readonly gaps: number;
  /** Clients that do not have all retained events since the start or their last gap, once and in order. */
  readonly wrong: number;
}

/** Servers with several masters or replicas, and what happens to them. */
interface Engine {
  readonly options: RedisEventLogOptions;
  fail(): Promise<void>;
  remove(): Promise<void>;
}

async function startEngine(
  name: FailoverOptions['engine'],
  channels: readonly string[],
): Promise<Engine> {
  if (name === 'sentinel') {
    const sentinels = await RedisSentinels.start();
    const { sentinelRootNodes } = sentinels;
    return {
      options: { sentinel: { name: sentinels.name, sentinelRootNodes } },
      fail: () => sentinels.failover(),
      remove: () => sentinels.remove(),
    };
  }
  const cluster = await RedisCluster.start();
  const keys = new Keys('nestjs-responses', 16);
  const [moved = '', killed = ''] = channels.map((channel) => keys.of(channel).stream);
  return {
    options: { cluster: { rootNodes: cluster.rootNodes } },
    fail: async () => {
      await cluster.moveSlotOf(moved);
      await cluster.killMasterOf(killed);
    },
    remove: () => cluster.remove(),
  };
}

/** Follows a channel to its end, and disconnects now and then. Keeps the ids since its last gap. */
class Follower {
  readonly ids: string[] = [];
  events = 0;
  gaps = 0;
  connections = 0;

  constructor(
    private readonly url: () => string,
    private readonly dropAfter: () => number,
  ) {}

  async run(): Promise<void> {
    let lastId: string | undefined;
    for (;;) {
      this.connections++;
      const stream = await openEventStream(this.url(), lastId).catch(() => undefined);
      if (stream?.status === 204) {
        return;
      }
      let rest = this.dropAfter();
      for (let event = await stream?.next(); event && rest > 0; event = await stream?.next()) {
        rest--;
        if (event.event === 'gap') {
          this.gaps++;
          this.ids.length = 0;
        } else if (event.id !== undefined) {
          this.events++;
          this.ids.push(event.id);
        }
        lastId = event.id ?? lastId;
      }
      stream?.close();
      await pause(Math.random() * 200);
    }
  }
}

/**
 * Publishes to many channels while clients follow them, and while the engine has a failover in the middle. Compares what
 * each client has received with what is retained.
 */
export async function failover({
  engine: name,
  channels: count,
  clients,
  events,
}: FailoverOptions): Promise<FailoverResult> {
  const channels = Array.from({ length: count }, (_, index) => `failover-${index}`);
  const program = await buildProgram('test/storm/application.ts');
  const engine = await startEngine(name, channels);
  const variables = { REDIS_OPTIONS: JSON.stringify(engine.options) };
  const applications: Application[] = [];
  try {
    for (let index = 0; index < 2; index++) {
      const application = new Application(program.file, await freePort(), variables);
      applications.push(application);
      await application.start();
    }
    const any = () => applications[Math.floor(Math.random() * applications.length)] as Application;
    const followers = Array.from({ length: clients }, (_, index) => {
      const channel = channels[index % count] as string;
      const follower = new Follower(
        () => `${any().url}/events/${channel}`,
        () => Math.ceil(Math.random() * events),
      );
      return { channel, follower, done: follower.run() };
    });
    const begin = performance.now();
    let published = 0;
    let refused = 0;
    const post = async (path: string, body: readonly string[]) => {
      for (;;) {
        const response = await fetch(`${any().url}/${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }).catch(() => undefined);
        await response?.text();
        if (response?.ok) {
          return;
        }
        refused++;
        await pause(50);
      }
    };
    const publishing = channels.map(async (channel) => {
      for (let event = 0; event < events; event++) {
        await post(`publish/${channel}`, [`${event}`]);
        published++;
      }
    });
    while (published < (count * events) / 2) {
      await pause(10);
    }
    await engine.fail();
    await Promise.all(publishing);
    await Promise.all(channels.map((channel) => post(`end/${channel}`, [])));
    await Promise.all(followers.map(({ done }) => done));
    const seconds = (performance.now() - begin) / 1000;
    const retained = new Map<string, readonly string[]>();
    for (const channel of channels) {
      retained.set(channel, await readAll(`${any().url}/events/${channel}`));
    }
    const kept = sum([...retained.values()].map((ids) => ids.length));
    const wrong = followers.filter(
      ({ channel, follower }) => follower.ids.join() !== retained.get(channel)?.join(),
    ).length;
    return {
      seconds,
      deliveries: sum(followers.map(({ follower }) => follower.events)),
      connections: sum(followers.map(({ follower }) => follower.connections)),
      refused,
      lost: Math.max(0, count * events - kept),
      gaps: sum(followers.map(({ follower }) => follower.gaps)),
      wrong,
    };
  } finally {
    await Promise.all(applications.map((application) => application.stop('SIGKILL')));
    await engine.remove();
    await program.remove();
  }
}

/** The ids of all retained events of a channel that has ended. */
async function readAll(url: string): Promise<readonly string[]> {
  const stream = await openEventStream(url);
  const ids: string[] = [];
  for (let event = await stream.next(); event; event = await stream.next()) {
    ids.push(event.id as string);
  }
  return ids;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
