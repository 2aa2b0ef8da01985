import { Subject } from 'rxjs';
import { PassThrough } from 'node:stream';
import {
  EventChannels,
  MemoryEventLog,
  ServerSentEvent,
  ServerSentEventResponse,
} from '../../src/index.js';
import { RedisEventLog } from '../../src/channels/redis/index.js';

/** The publisher of the events, and the reader of each client. */
interface Fanout {
  readonly name: string;
  publish(n: number): unknown;
  client(): ServerSentEventResponse | Promise<unknown>;
  close(): Promise<void>;
}

const PAYLOAD = { order: 4711, state: 'placed', note: 'x'.repeat(60) };
const CHANNEL = `benchmark-${process.pid}`;

function subject(): Fanout {
  const events = new Subject<ServerSentEvent>();
  let id = 0;
  return {
    name: 'Subject',
    publish: (n) =>
      events.next(new ServerSentEvent({ id: ++id, event: 'placed', data: { ...PAYLOAD, n } })),
    client: () => new ServerSentEventResponse(events),
    close: async () => events.complete(),
  };
}

function channels(name: string, all: EventChannels): Fanout {
  return {
    name,
    publish: (n) => all.publish(CHANNEL, { event: 'placed', data: { ...PAYLOAD, n } }),
    client: () => all.respond(CHANNEL),
    close: () => all.close(),
  };
}

/** A client that receives each event as it arrives. */
function listen(body: NodeJS.ReadableStream, onEvents: (count: number) => void): void {
  body.on('data', (chunk: Buffer) => {
    let count = 0;
    for (let at = chunk.indexOf('\n\n'); at >= 0; at = chunk.indexOf('\n\n', at + 2)) {
      count++;
    }
    onEvents(count);
  });
}

async function measure(fanout: Fanout, clients: number): Promise<string> {
  let arrived = 0;
  let expected = 0;
  let onAll: () => void = () => undefined;
  const bodies: NodeJS.ReadableStream[] = [];
  for (let i = 0; i < clients; i++) {
    const response = (await fanout.client()) as ServerSentEventResponse;
    const body = response.getStream();
    bodies.push(body);
    listen(body, (count) => {
      arrived += count;
      if (arrived === expected) {
        onAll();
      }
    });
  }
  const round = async (n: number) => {
    expected = arrived + clients;
    const all = new Promise<void>((resolve) => {
      onAll = resolve;
    });
    const begin = performance.now();
    await fanout.publish(n);
    await all;
    return performance.now() - begin;
  };
  // Wait until the streams have started and the code is compiled.
  await new Promise((resolve) => {
    setTimeout(resolve, 500);
  });
  const rounds = Math.max(30, Math.min(2000, Math.floor(60_000 / clients)));
  for (let i = 0; i < rounds / 5; i++) {
    await round(i);
  }
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let i = 0; i < rounds; i++) {
    times.push(await round(i));
  }
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const quantile = (q: number) => (times[Math.floor(q * (times.length - 1))] as number).toFixed(2);
  const perEvent = ((user + system) / (rounds * clients)).toFixed(1);
  bodies.forEach((body) => (body as PassThrough).destroy());
  return `| ${fanout.name} | ${clients} | ${quantile(0.5)} | ${quantile(0.99)} | ${perEvent} |`;
}

const { REDIS_URL: url, REDIS_OPTIONS: json } = process.env;
const options = json === undefined ? url && { url } : (JSON.parse(json) as object);

/** Follows many channels at once, each by one client, and publishes to some of them. */
async function measureChannels(name: string, all: EventChannels, count: number): Promise<string> {
  const memory = () => {
    globalThis.gc?.();
    return process.memoryUsage().rss;
  };
  const before = memory();
  const controller = new AbortController();
  const names = Array.from({ length: count }, (_, i) => `${CHANNEL}-${i}`);
  const followers = names.map((channel) => all.follow(channel, { signal: controller.signal }));
  const cpu = process.cpuUsage();
  const pending = followers.map((events) => events.next());
  const first = performance.now();
  // The last one is followed once its event arrives: what comes before the first read is not followed.
  const last = names.at(-1) as string;
  const arrived = pending.at(-1) as Promise<unknown>;
  const probe = setInterval(() => void all.publish(last, { data: 'ready' }), 100);
  await arrived;
  clearInterval(probe);
  const ready = performance.now() - first;
  const starting = process.cpuUsage(cpu);
  const held = (memory() - before) / count;
  const times: number[] = [];
  const publishing = process.cpuUsage();
  for (let i = 0; i < 200; i++) {
    const from = performance.now();
    await all.publish(names[i] as string, { event: 'placed', data: { ...PAYLOAD, n: i } });
    await pending[i];
    times.push(performance.now() - from);
  }
  const { user, system } = process.cpuUsage(publishing);
  times.sort((a, b) => a - b);
  controller.abort();
  await Promise.allSettled(pending);
  return (
    `| ${name} | ${count} | ${(held / 1024).toFixed(1)} | ${ready.toFixed(0)} | ` +
    `${((starting.user + starting.system) / 1000).toFixed(0)} | ${(times[100] as number).toFixed(2)} | ` +
    `${((user + system) / 200).toFixed(0)} |`
  );
}

console.log('| fan-out | clients | p50 ms | p99 ms | CPU us per event |');
for (const clients of [1, 100, 2000]) {
  const fanouts = [subject(), channels('MemoryEventLog', new EventChannels(new MemoryEventLog()))];
  if (options) {
    fanouts.push(channels('RedisEventLog', new EventChannels(new RedisEventLog(options))));
  }
  for (const fanout of fanouts) {
    console.log(await measure(fanout, clients));
    await fanout.close();
  }
}

console.log(
  '\n| log | channels | KiB per channel | ready ms | CPU ms until ready | p50 ms | CPU us per event |',
);
for (const count of [1000, 10_000]) {
  const logs = [['MemoryEventLog', new MemoryEventLog()] as const];
  const all = options ? [...logs, ['RedisEventLog', new RedisEventLog(options)] as const] : logs;
  for (const [name, log] of all) {
    const eventChannels = new EventChannels(log);
    console.log(await measureChannels(name, eventChannels, count));
    await eventChannels.close();
  }
}
