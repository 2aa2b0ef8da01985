import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BuiltProgram } from '../support/build-program.js';
import { deferred } from '../support/deferred.js';
import { Running } from './running.js';
import { buildServer, EnduranceServer } from './server.js';
import { isFull, report } from './size.js';
import { StreamClient } from './stream-client.js';

const CLIENTS = isFull ? 2000 : 100;
/** The number of events per round. */
const EVENTS = 10;
/** Our rounds and Nest's alternate, because the load of a machine changes. */
const ROUNDS = isFull ? 10 : 1;

/** Each event contains it once. */
const DATA = 'data: ';

const running = new Running();
let program: BuiltProgram;

beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

/** The followers of a stream, and the events that they have received. */
class Audience {
  #missing = 0;
  #arrived = deferred();

  constructor(
    readonly server: EnduranceServer,
    readonly path: string,
  ) {}

  /** Opens another stream. */
  join(): StreamClient {
    const client = new StreamClient(this.server.port, this.path);
    client.socket.on('data', (chunk) => {
      for (let at = chunk.indexOf(DATA); at !== -1; at = chunk.indexOf(DATA, at + 1)) {
        if (--this.#missing === 0) {
          this.#arrived.resolve();
        }
      }
    });
    return client;
  }

  /** Resolves once this many more events have arrived in total. */
  receive(count: number): Promise<void> {
    this.#missing = count;
    this.#arrived = deferred();
    return this.#arrived.promise;
  }
}

interface FanOut {
  readonly audience: Audience;
  readonly memory: { readonly rssPerStream: number; readonly heapPerStream: number };
  /** CPU time for all events so far, in microseconds. */
  readonly cpu: { user: number; system: number };
}

async function open(platform: 'Express' | 'Fastify', path: string): Promise<FanOut> {
  const server = await EnduranceServer.start(program, { platform });
  running.add(() => server.stop());
  const audience = new Audience(server, path);
  const before = await server.call('figures');
  for (let count = 0; count < CLIENTS;) {
    // Limited by the number of connections that may wait to be accepted.
    const some = Array.from({ length: 100 }, () => audience.join());
    running.add(() => some.forEach((client) => client.leave()));
    count += some.length;
    while ((await server.call('held')).subscribers < count);
  }
  const { rss, heap } = await server.call('figures');
  const memory = {
    rssPerStream: (rss - before.rss) / CLIENTS,
    heapPerStream: (heap - before.heap) / CLIENTS,
  };
  return { audience, memory, cpu: { user: 0, system: 0 } };
}

/** Emits the events of a round. Resolves once all have arrived. */
const emissions = {
  'one by one': async ({ audience }: FanOut) => {
    for (let i = 0; i < EVENTS; i++) {
      const received = audience.receive(CLIENTS);
      await audience.server.call('publish');
      await received;
    }
  },
  'ten at once': async ({ audience }: FanOut) => {
    const received = audience.receive(CLIENTS * EVENTS);
    await audience.server.call('publishTen');
    await received;
  },
};

/**
 * The maximum share of the CPU time of Nest's own stream. Most of the time for a single event is the system's, to write
 * it.
 */
const limits = [
  { emission: 'one by one', limit: 1 },
  { emission: 'ten at once', limit: 1 / 3 },
] as const;
const cases = (['Express', 'Fastify'] as const).flatMap((platform) =>
  limits.map((limit) => ({ platform, ...limit })),
);

it.each(cases)(
  'an event is encoded once for all clients, and costs less than with @Sse(): $emission, on $platform',
  async ({ platform, emission, limit }) => {
    const ours = await open(platform, '/events');
    const theirs = await open(platform, '/nest-events');
    for (let round = 0; round < ROUNDS; round++) {
      for (const fanOut of [ours, theirs]) {
        const { server } = fanOut.audience;
        const before = await server.call('cpu');
        await emissions[emission](fanOut);
        const after = await server.call('cpu');
        fanOut.cpu.user += after.user - before.user;
        fanOut.cpu.system += after.system - before.system;
      }
    }
    const deliveries = CLIENTS * EVENTS * ROUNDS;
    for (const { audience, memory, cpu } of [ours, theirs]) {
      const [user, system] = [cpu.user / deliveries, cpu.system / deliveries];
      const { path } = audience;
      report('fan-out', { platform, emission, path, clients: CLIENTS, user, system, ...memory });
    }
    const ratio = totalOf(ours) / totalOf(theirs);
    report('fan-out', { platform, emission, ratio, user: ours.cpu.user / theirs.cpu.user });
    expect((await ours.audience.server.call('held')).encodings).toBe(EVENTS * ROUNDS);
    // Other load on the machine matters in a short run.
    expect(isFull ? ratio : 0).toBeLessThan(limit);
  },
);

function totalOf({ cpu }: FanOut): number {
  return cpu.user + cpu.system;
}
