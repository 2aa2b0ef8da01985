import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BuiltProgram } from '../support/build-program.js';
import { send } from '../support/send.js';
import { Running } from './running.js';
import { buildServer, EnduranceServer } from './server.js';
import { isFull, report } from './size.js';
import { StreamClient } from './stream-client.js';

/** How often the other routes are asked, and how long the full size waits between. */
const REQUESTS = isFull ? 100 : 10;
const PAUSE = 50;
/** The 99th percentile of the delay of the event loop is to be below, in milliseconds. */
const DELAY = 20;

const running = new Running();
let program: BuiltProgram;

beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

it.each(['Express', 'Fastify'] as const)(
  'an endless synchronous source leaves others their turns: on %s',
  async (platform) => {
    const server = await EnduranceServer.start(program, { platform });
    running.add(() => server.stop());
    const client = new StreamClient(server.port, '/endless');
    running.add(() => client.leave());
    await client.begun;
    const { bytes } = client;
    await server.call('watchDelay');
    const begin = performance.now();
    const times: number[] = [];
    for (let i = 0; i < REQUESTS; i++) {
      const path = i % 2 === 0 ? 'answer' : 'timers';
      const sent = performance.now();
      expect((await send(`http://127.0.0.1:${server.port}/${path}`)).body).toBe(`"${path}"`);
      times.push(performance.now() - sent);
      await setTimeout(isFull ? PAUSE : 0);
    }
    const delay = await server.call('delay');
    const seconds = (performance.now() - begin) / 1000;
    const [p50, p99] = [0.5, 0.99].map(
      (part) => times.toSorted((a, b) => a - b)[Math.floor(part * REQUESTS)],
    );
    const mebibytesPerSecond = (client.bytes - bytes) / seconds / 1024 / 1024;
    report('fairness', { platform, delay, requests: { p50, p99 }, mebibytesPerSecond });
    expect(client.bytes).toBeGreaterThan(bytes);
    // A machine that runs the whole suite is late by itself.
    expect(isFull ? delay.p99 : 0).toBeLessThan(DELAY);
  },
);
