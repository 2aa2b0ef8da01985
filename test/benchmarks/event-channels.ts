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

const url = process.env['REDIS_URL'];
console.log('| fan-out | clients | p50 ms | p99 ms | CPU us per event |');
for (const clients of [1, 100, 2000]) {
  const fanouts = [subject(), channels('MemoryEventLog', new EventChannels(new MemoryEventLog()))];
  if (url) {
    fanouts.push(channels('RedisEventLog', new EventChannels(new RedisEventLog({ url }))));
  }
  for (const fanout of fanouts) {
    console.log(await measure(fanout, clients));
    await fanout.close();
  }
}
