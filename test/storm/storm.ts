import { Keys } from '../../src/channels/redis/keys.js';
import { setTimeout } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort, RedisServer } from '../support/redis-server.js';
import { buildProgram } from '../support/build-program.js';
import { Application } from './storm-application.js';
import { StormClient } from './storm-client.js';

export interface StormOptions {
  /**
   * The engine of the events. With Redis, there are two application processes. One of them is killed, and Redis is
   * restarted.
   */
  readonly log: 'memory' | 'redis';
  readonly publishers: number;
  readonly clients: number;
  readonly events: number;
}

export interface StormResult {
  readonly seconds: number;
  /** The events sent to clients. */
  readonly deliveries: number;
  /** The number of connections. */
  readonly connections: number;
  /** Publications that failed while something was down. */
  readonly refused: number;
  /** Gaps that were reported to clients. */
  readonly gaps: number;
  /** Events that a client received twice, out of order, or in place of a missing one. */
  readonly wrong: number;
}

const CHANNEL = 'storm';
/** The number of events per batch. */
const BATCH = 25;

/**
 * Publishes events while clients disconnect and reconnect at random, and while the engine and the applications are
 * killed and restarted. Counts events that do not arrive once and in order.
 */
export async function storm({
  log,
  publishers,
  clients,
  events,
}: StormOptions): Promise<StormResult> {
  const program = await buildProgram('test/storm/application.ts');
  const redis = log === 'redis' ? await RedisServer.start() : undefined;
  const applications: Application[] = [];
  const storming: StormClient[] = [];
  try {
    for (let i = 0; i < (redis ? 2 : 1); i++) {
      const application = new Application(program.file, await freePort(), {
        REDIS_URL: redis?.url,
      });
      applications.push(application);
      await application.start();
    }
    const order: string[] = [];
    const any = () => applications[Math.floor(Math.random() * applications.length)] as Application;
    for (let i = 0; i < clients; i++) {
      storming.push(
        new StormClient({
          url: () => `${any().url}/events/${CHANNEL}`,
          count: events,
          order,
          dropAfter: () => Math.ceil(Math.random() * events),
          pause: () => Math.random() * 200,
        }),
      );
    }
    const begin = performance.now();
    const running = Promise.all(storming.map((client) => client.run()));
    const publishing = Array.from({ length: publishers }, (_, i) =>
      publish(`${i}`, Math.floor(events / publishers), any, redis?.url),
    );
    const [victim] = applications;
    if (redis && victim) {
      await passed(storming, events / 4);
      await victim.stop('SIGKILL');
      await victim.start();
      await passed(storming, events / 2);
      await redis.stop('SIGKILL');
      await redis.restart();
    }
    const refused = await Promise.all(publishing);
    await running;
    const seconds = (performance.now() - begin) / 1000;
    return {
      seconds,
      deliveries: sum(storming.map((client) => client.events)),
      connections: sum(storming.map((client) => client.connections)),
      refused: sum(refused),
      gaps: sum(storming.map((client) => client.gaps)),
      wrong: sum(storming.map((client) => client.wrong)) + countMisplaced(order, publishers),
    };
  } finally {
    storming.forEach((client) => client.stop());
    await Promise.all(applications.map((application) => application.stop('SIGKILL')));
    await redis?.remove();
    await program.remove();
  }
}

/** Resolves once the first client has this many events. */
async function passed([client]: readonly StormClient[], count: number): Promise<void> {
  while (client && client.events < count) {
    await setTimeout(10);
  }
}

/**
 * Publishes `name:0`, `name:1` and so on, each once. Returns the number of failures. A failed batch may have been
 * stored in part, so checks the log before trying the rest again.
 */
async function publish(
  name: string,
  count: number,
  any: () => Application,
  redisURL: string | undefined,
): Promise<number> {
  let refused = 0;
  let next = 0;
  while (next < count) {
    const length = Math.min(BATCH, count - next);
    const batch = Array.from({ length }, (_, i) => `${name}:${next + i}`);
    if (await isPublished(`${any().url}/publish/${CHANNEL}`, batch)) {
      next += length;
    } else {
      refused++;
      next += redisURL ? await countKept(redisURL, batch) : 0;
    }
  }
  return refused;
}

async function isPublished(url: string, batch: readonly string[]): Promise<boolean> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(batch) });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

/** Returns the number of events of a batch among the newest entries of the stream. Retries until Redis answers. */
async function countKept(url: string, batch: readonly string[]): Promise<number> {
  const client = createClient({ url, socket: { reconnectStrategy: 50 } });
  // It may be down now.
  client.on('error', () => undefined);
  await client.connect();
  const key = new Keys('nestjs-responses', 16).of(CHANNEL).stream;
  for (;;) {
    try {
      const newest = await client.xRevRange(key, '+', '-', { COUNT: 1000 });
      const kept = new Set((newest ?? []).map(({ message }) => message['data']));
      client.destroy();
      return batch.filter((text) => kept.has(text)).length;
    } catch {
      // It is still loading its data.
      await setTimeout(50);
    }
  }
}

/** Returns the number of events that are out of the publisher's order, or duplicates. */
function countMisplaced(order: readonly string[], publishers: number): number {
  const counts = Array.from({ length: publishers }, () => 0);
  return order.filter((event) => {
    const [publisher = -1, number] = event.split(':').map(Number);
    const count = counts[publisher] ?? -1;
    counts[publisher] = count + 1;
    return count !== number;
  }).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
