import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BuiltProgram } from '../support/build-program.js';
import { send } from '../support/send.js';
import type { Delay } from './protocol.js';
import { Running } from './running.js';
import { buildServer, EnduranceServer } from './server.js';
import { isFull, report } from './size.js';
import { StreamClient } from './stream-client.js';

/** The number of requests to the other routes, and the wait between them in the full size. */
const REQUESTS = isFull ? 100 : 10;
const PAUSE = 50;
/** The maximum 99th percentile of the event loop delay in the full size, in milliseconds. */
const DELAY = 20;

const running = new Running();
let program: BuiltProgram;

beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

interface Turns {
  readonly delay: Delay;
  /** The durations of requests, in milliseconds. */
  readonly requests: { readonly p50: number; readonly p99: number };
}

/** Requests two other routes in turn, one of which needs timers. */
async function askOthers(server: EnduranceServer): Promise<Turns> {
  await server.call('watchDelay');
  const times: number[] = [];
  for (let i = 0; i < REQUESTS; i++) {
    const path = i % 2 === 0 ? 'answer' : 'timers';
    const begin = performance.now();
    const { body } = await send(`http://127.0.0.1:${server.port}/${path}`);
    expect(body).toBe(`"${path}"`);
    times.push(performance.now() - begin);
    await setTimeout(isFull ? PAUSE : 0);
  }
  const delay = await server.call('delay');
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(part * times.length)] ?? 0;
  return { delay, requests: { p50: at(0.5), p99: at(0.99) } };
}

it.each(['Express', 'Fastify'] as const)(
  'an endless synchronous source does not block other requests: on %s',
  async (platform) => {
    const server = await EnduranceServer.start(program, { platform });
    running.add(() => server.stop());
    // Measures the delay of the machine itself.
    report('fairness, nothing sent', { platform, ...(await askOthers(server)) });
    const client = new StreamClient(server.port, '/endless');
    running.add(() => client.leave());
    await client.begun;
    const { bytes } = client;
    const begin = performance.now();
    const turns = await askOthers(server);
    const seconds = (performance.now() - begin) / 1000;
    const mebibytesPerSecond = (client.bytes - bytes) / seconds / 1024 / 1024;
    report('fairness', { platform, ...turns, mebibytesPerSecond });
    expect(client.bytes).toBeGreaterThan(bytes);
    expect(isFull ? turns.delay.p99 : 0).toBeLessThan(DELAY);
  },
);
