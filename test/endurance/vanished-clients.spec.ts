import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltProgram } from '../support/build-program.js';
import { hasNetworks, Network } from '../support/network.js';
import type { ServerOptions } from './protocol.js';
import { startRemoteClient, type Destination } from './remote-client.js';
import { Running } from './running.js';
import { buildServer, EnduranceServer } from './server.js';
import { isFull, report } from './size.js';

/** The full size uses the default times. */
const sendTimeout = isFull ? 30_000 : 500;
const responses = isFull ? {} : { eventStream: { heartbeat: 50 }, streams: { sendTimeout } };

const running = new Running();
let program: BuiltProgram;

beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

async function startServer(options: ServerOptions, launcher?: readonly string[]) {
  const server = await EnduranceServer.start(program, { responses, ...options }, launcher);
  running.add(() => server.stop());
  return server;
}

async function startClient(destination: Destination, launcher?: readonly string[]) {
  const client = await startRemoteClient(destination, launcher);
  running.add(() => client.kill('SIGKILL'));
  return client;
}

async function makeNetwork(): Promise<Network> {
  const network = await Network.create();
  running.add(() => network.remove());
  return network;
}

/** Resolves with the time until the server holds at most this many sources, in milliseconds. */
async function untilHeld(server: EnduranceServer, count: number): Promise<number> {
  const begin = performance.now();
  while ((await server.call('held')).sources > count);
  return performance.now() - begin;
}

const vanished = [
  { platform: 'Express', host: '0.0.0.0', address: '10.0.0.1' },
  { platform: 'Express', host: '::', address: '10.0.0.1' },
  { platform: 'Fastify', host: '::', address: 'fd00::1' },
  { platform: 'HTTP/2', host: '0.0.0.0', address: '10.0.0.1' },
] as const;

describe.runIf(hasNetworks)('a client that vanishes without a packet', () => {
  it.each(vanished)(
    'is cut, and no other is: on $platform at $host, by $address',
    async ({ platform, host, address }) => {
      const network = await makeNetwork();
      const remote = await makeNetwork();
      network.connect(['10.0.0.1/24', 'fd00::1/64'], remote, ['10.0.0.2/24', 'fd00::2/64']);
      const server = await startServer({ platform, host }, network.launcher);
      await server.call('watchStreams');
      const protocol = platform === 'HTTP/2' ? 'HTTP/2' : 'HTTP/1.1';
      const destination = { protocol, port: server.port, path: '/quiet' } as const;
      await startClient({ ...destination, host: '127.0.0.1' }, network.launcher);
      await startClient({ ...destination, host: address }, remote.launcher);
      const { sources } = await server.call('held');
      remote.drop(address);
      const milliseconds = await untilHeld(server, 1);
      report('vanished client', { platform, address, sendTimeout, milliseconds });
      expect(sources).toBe(2);
      expect(await server.call('held')).toMatchObject({ sources: 1, aborted: 1 });
      expect(await server.call('closeReasons')).toEqual(['vanished']);
      expect(await server.call('logs')).toEqual([
        `warn: GET /quiet: the client does not read its ServerSentEventResponse, its system acknowledged nothing for ${sendTimeout} ms (streams.sendTimeout). StreamingResponse`,
      ]);
    },
  );
});

describe.each(['Express', 'Fastify', 'HTTP/2'] as const)('on %s', (platform) => {
  it('a frozen client is cut, by the send timeout or by its waiting bytes', async () => {
    const server = await startServer({ platform });
    const protocol = platform === 'HTTP/2' ? 'HTTP/2' : 'HTTP/1.1';
    const warnings: unknown[] = [];
    for (const [path, reason] of [
      ['/endless', `it took nothing for ${sendTimeout} ms (streams.sendTimeout)`],
      ['/', 'more than 4194304 bytes wait for it (streams.maxBufferedBytes)'],
    ] as const) {
      const { port } = server;
      const client = await startClient({ protocol, host: '127.0.0.1', port, path });
      client.kill('SIGSTOP');
      const milliseconds = await untilHeld(server, 0);
      report('frozen client', { platform, path, milliseconds });
      warnings.push(
        `warn: GET ${path}: the client does not read its NDJSONResponse, ${reason}. StreamingResponse`,
      );
    }
    expect(await server.call('logs')).toEqual(warnings);
  });
});
