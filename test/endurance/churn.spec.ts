import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BuiltProgram } from '../support/build-program.js';
import { send } from '../support/send.js';
import { randomOf } from './random.js';
import { Running } from './running.js';
import { buildServer, EnduranceServer } from './server.js';
import { isFull, report } from './size.js';
import { StreamClient } from './stream-client.js';

const CONNECTIONS = isFull ? 20_000 : 1000;
/** The number of concurrent connections. */
const AT_ONCE = 50;
/** The maximum growth of the heap once all connections are closed. */
const HEAP = 10 * 1024 * 1024;

const KINDS = ['observable', 'asyncIterable', 'iterable', 'readable', 'web'];
const FAULTS = ['none', 'source', 'encode'];
const LEAVINGS = ['stay', 'leave', 'reset', 'half-close', 'leave at once'] as const;
/** The maximum number of items of a source, and of bytes after which a client disconnects. */
const ITEMS = 40;
const BYTES = 6000;

const running = new Running();
let program: BuiltProgram;

beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

/**
 * Opens random connections, each with a source, a fault, and a way and a time to disconnect. Resolves when all are
 * closed.
 */
async function churn(port: number, connections: number, random: () => number): Promise<void> {
  const any = <TItem>(items: readonly TItem[]) =>
    items[Math.floor(random() * items.length)] as TItem;
  let left = connections;
  const visit = async () => {
    while (left-- > 0) {
      const items = Math.floor(random() * ITEMS);
      const path = `/sources/${any(KINDS)}?items=${items}&fault=${any(FAULTS)}`;
      await leave(new StreamClient(port, path), any(LEAVINGS), random() * BYTES);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visit));
}

/** Disconnects a client after this many bytes or at the end of its body. Resolves when its connection is closed. */
async function leave(
  client: StreamClient,
  how: (typeof LEAVINGS)[number],
  bytes: number,
): Promise<void> {
  const { socket } = client;
  const act = {
    stay: () => undefined,
    leave: () => client.leave(),
    reset: () => socket.resetAndDestroy(),
    'half-close': () => socket.end(),
    'leave at once': () => client.leave(),
  }[how];
  if (how === 'leave at once') {
    socket.once('connect', act);
  } else {
    socket.on('data', () => {
      if (client.bytes >= bytes) {
        act();
      }
    });
  }
  void client.done.then(() => client.leave());
  await client.closed;
}

it.each(['Express', 'Fastify'] as const)(
  `${CONNECTIONS} short-lived connections leave nothing behind: on %s`,
  async (platform) => {
    const seed = Number(process.env['SEED'] ?? randomInt(2 ** 32));
    // Shown on failure. The same seed makes the same choices.
    console.log(`${platform}: SEED=${seed}`);
    const random = randomOf(seed);
    const server = await EnduranceServer.start(program, { platform });
    running.add(() => server.stop());
    // One-time allocations happen here, e.g. compiled code and the timers of the server.
    await churn(server.port, CONNECTIONS / 10, random);
    await settled(server);
    const before = await server.call('figures');
    const begin = performance.now();
    await churn(server.port, CONNECTIONS, random);
    await settled(server);
    const seconds = (performance.now() - begin) / 1000;
    let after = await server.call('figures');
    // The search for vanished clients opens the system's table of connections for a moment.
    for (let i = 0; i < 10 && after.descriptors > before.descriptors; i++) {
      after = await server.call('figures');
    }
    const { opened, aborted } = await server.call('held');
    const heapGrowth = after.heap - before.heap;
    report('churn', {
      platform,
      seed,
      connections: CONNECTIONS,
      seconds,
      opened,
      heapGrowth,
      before,
      after,
    });
    expect(heapGrowth).toBeLessThan(HEAP);
    expect(after.descriptors).toBe(before.descriptors);
    expect(after.timers).toBeLessThanOrEqual(before.timers);
    expect(aborted).toBeGreaterThan(0);
    const logs = await server.call('logs');
    expect(logs.filter((log) => !FAULT.test(log))).toEqual([]);
    expect((await send(`http://127.0.0.1:${server.port}/answer`)).body).toBe('"answer"');
  },
);

/** True for log entries of injected faults. */
const FAULT = /^error: GET \/sources\/:kind: the source of a \w+ failed\. /;

/** Resolves once the server has no sources or connections of disconnected clients. */
async function settled(server: EnduranceServer): Promise<void> {
  for (;;) {
    const { sources } = await server.call('held');
    const connections = await server.call('connections');
    if (sources + connections === 0) {
      return;
    }
  }
}
