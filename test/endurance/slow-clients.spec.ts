import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltProgram } from '../support/build-program.js';
import { slowReaders } from '../support/slow-readers.js';
import { Running } from './running.js';
import { buildServer, EnduranceServer } from './server.js';
import { isFull, report } from './size.js';
import { StreamClient } from './stream-client.js';

const MEBIBYTE = 1024 * 1024;
const CLIENTS = isFull ? 200 : 20;
const LIMIT = 4 * MEBIBYTE;
/**
 * The memory that the engine adds under any load, in MiB, by the major version of Node: its young generation, and memory
 * that it returns late.
 */
const ENGINE: Readonly<Record<string, number>> = { 20: 48, 22: 98, 24: 242, 26: 146 };
const [major = ''] = process.versions.node.split('.');
/** The memory that the process may need in addition to waiting chunks. */
const ALLOWANCE = (50 + (ENGINE[major] ?? 242)) * MEBIBYTE;

const running = new Running();
let program: BuiltProgram;

beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

describe.each(['Express', 'Fastify'] as const)('on %s', (platform) => {
  it(`${CLIENTS} clients that stop reading are cut at the limit, each with one warning`, async () => {
    const server = await EnduranceServer.start(program, {
      platform,
      responses: { streams: { maxBufferedBytes: LIMIT, sendTimeout: 600_000 } },
    });
    running.add(() => server.stop());
    const before = await server.call('figures');
    await slowReaders(server.port, CLIENTS, 1000);
    while ((await server.call('held')).sources > 0);
    const { peakRSS } = await server.call('figures');
    const growth = peakRSS - before.rss;
    const [first, allowed] = [before.rss, CLIENTS * LIMIT + ALLOWANCE].map(
      (bytes) => bytes / MEBIBYTE,
    );
    report('slow clients, MiB', {
      platform,
      CLIENTS,
      before: first,
      growth: growth / MEBIBYTE,
      allowed,
    });
    expect(growth).toBeLessThan(CLIENTS * LIMIT + ALLOWANCE);
    const warning = `warn: GET /: the client does not read its NDJSONResponse, more than ${LIMIT} bytes wait for it (streams.maxBufferedBytes). StreamingResponse`;
    expect(await server.call('logs')).toEqual(Array<string>(CLIENTS).fill(warning));
  });

  it('a client that reads receives a whole burst of 1,000,000 items', async () => {
    const server = await EnduranceServer.start(program, { platform });
    running.add(() => server.stop());
    const begin = performance.now();
    const client = new StreamClient(server.port, '/burst');
    running.add(() => client.leave());
    await client.done;
    const milliseconds = performance.now() - begin;
    const { peakRSS } = await server.call('figures');
    report('burst', { platform, milliseconds, peakMiB: peakRSS / MEBIBYTE, bytes: client.bytes });
    expect(client.isComplete).toBe(true);
    expect(await server.call('logs')).toEqual([]);
  });
});
