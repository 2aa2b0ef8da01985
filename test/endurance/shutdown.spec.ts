import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltProgram } from '../support/build-program.js';
import { send } from '../support/send.js';
import type { ServerOptions } from './protocol.js';
import { Running } from './running.js';
import { buildServer, EnduranceServer } from './server.js';
import { isFull, report } from './size.js';
import { StreamClient } from './stream-client.js';

const STREAMS = isFull ? 1000 : 100;
/** The maximum number of streams on one HTTP/2 connection. */
const STREAMS_PER_SESSION = 100;
/** More bytes than any system buffers for a client that does not read. */
const MORE_THAN_BUFFERED = 32 * 1024 * 1024;

const running = new Running();
let program: BuiltProgram;

beforeAll(async () => {
  program = await buildServer();
});
afterAll(() => program.remove());

async function startServer(options: ServerOptions): Promise<EnduranceServer> {
  const server = await EnduranceServer.start(program, options);
  running.add(() => server.stop());
  return server;
}

/** Requests a path. Resolves once the body has begun. */
async function open(server: EnduranceServer, path: string): Promise<StreamClient> {
  const client = new StreamClient(server.port, path);
  running.add(() => client.leave());
  await client.begun;
  return client;
}

/** An idle keep-alive connection. */
async function openIdle({ port }: EnduranceServer): Promise<StreamClient> {
  const client = new StreamClient(port, '/answer');
  running.add(() => client.leave());
  await client.begun;
  return client;
}

/** A client that has read a little of an endless body, then stopped. */
async function openUnread(server: EnduranceServer): Promise<StreamClient> {
  const client = await open(server, '/');
  client.socket.pause();
  const { lines } = await server.call('held');
  while ((await server.call('held')).lines < lines + MORE_THAN_BUFFERED / 1000);
  return client;
}

/** A server whose shutdown waits for a background task. */
async function startClosing(options: ServerOptions) {
  const server = await startServer({
    responses: { shutdownTimeout: 600_000 },
    ...options,
  });
  const url = `http://127.0.0.1:${server.port}`;
  await send(`${url}/background`);
  const closing = server.call('close');
  // It runs commands one after the other.
  await server.call('held');
  return { server, url, closing };
}

async function isRefused({ port }: EnduranceServer): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

interface Way {
  readonly how: string;
  /** Resolves with its duration in milliseconds. */
  readonly end: (server: EnduranceServer) => Promise<number>;
  /** The state of the server after it. */
  readonly outcome: (server: EnduranceServer) => Promise<object>;
  readonly expected: object;
}

const ways: readonly Way[] = [
  {
    how: 'app.close()',
    end: (server) => timed(() => server.call('close')),
    outcome: async (server) => {
      const { sources, aborted } = await server.call('held');
      return { sources, aborted, logs: await server.call('logs') };
    },
    expected: { sources: 0, aborted: STREAMS, logs: [] },
  },
  {
    how: 'SIGTERM',
    end: (server) => server.stop('SIGTERM'),
    outcome: ({ process }) => Promise.resolve({ signal: process.signalCode }),
    expected: { signal: 'SIGTERM' },
  },
];

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await act();
  return performance.now() - begin;
}

describe.each(['Express', 'Fastify'] as const)('on %s', (platform) => {
  it.each(ways)(
    `$how ends each of ${STREAMS} streams properly, and the process`,
    async ({ how, end, outcome, expected }) => {
      const server = await startServer({ platform });
      const idle = await openIdle(server);
      const clients = await Promise.all(
        Array.from({ length: STREAMS }, () => open(server, '/quiet')),
      );
      expect(await server.call('held')).toMatchObject({ sources: STREAMS });
      const milliseconds = await end(server);
      report('shutdown', { platform, how, streams: STREAMS, milliseconds });
      await Promise.all([idle, ...clients].map(({ closed }) => closed));
      expect(clients.filter(({ isComplete, hasEnded }) => isComplete && hasEnded)).toHaveLength(
        STREAMS,
      );
      expect(await isRefused(server)).toBe(true);
      expect(await outcome(server)).toEqual(expected);
    },
  );

  it('app.close() cuts a stream whose client does not read after the timeout', async () => {
    const responses = { shutdownTimeout: 200, streams: { maxBufferedBytes: 2 ** 30 } };
    const server = await startServer({ platform, responses });
    const client = await openUnread(server);
    const milliseconds = await timed(() => server.call('close'));
    report('shutdown with a client that does not read', { platform, ...responses, milliseconds });
    expect(await server.call('held')).toMatchObject({ sources: 0 });
    expect(await server.call('logs')).toEqual([
      expect.stringContaining('Shutdown continues after 200 ms (shutdownTimeout)'),
    ]);
    client.socket.resume();
    await client.closed;
    expect(client.isComplete).toBe(false);
  });

  it('app.close() waits for background tasks only until the timeout', async () => {
    const responses = { shutdownTimeout: 200 };
    const { server, closing } = await startClosing({ platform, responses });
    await closing;
    expect(await server.call('held')).toMatchObject({ tasks: 0 });
  });

  it('a request during shutdown is answered by Nest, with a 503', async () => {
    const application = { return503OnClosing: true };
    const { server, url, closing } = await startClosing({ platform, application });
    expect((await send(`${url}/quiet`)).status).toBe(503);
    expect((await send(`${url}/answer`)).status).toBe(503);
    await server.call('finishTasks');
    await closing;
    expect(await isRefused(server)).toBe(true);
    expect(await server.call('held')).toMatchObject({ opened: 0, tasks: 1 });
  });

  it('a stream that is requested during shutdown ends immediately if Nest still answers', async () => {
    const { server, url, closing } = await startClosing({ platform });
    expect(await send(`${url}/quiet`)).toMatchObject({ status: 200, isComplete: true });
    await server.call('finishTasks');
    await closing;
    expect(await server.call('held')).toMatchObject({ sources: 0, tasks: 1 });
  });
});

describe('over HTTP/2', () => {
  it.each(ways)(
    `$how ends each of ${STREAMS} streams properly, and the process`,
    async ({ how, end, outcome, expected }) => {
      const server = await startServer({ platform: 'HTTP/2' });
      const streams: ClientHttp2Stream[] = [];
      for (let i = 0; i < STREAMS / STREAMS_PER_SESSION; i++) {
        const session = connectHttp2(`http://127.0.0.1:${server.port}`);
        running.add(() => session.destroy());
        const opened = Array.from({ length: STREAMS_PER_SESSION }, () =>
          session.request({ ':path': '/quiet' }),
        );
        await Promise.all(opened.map((stream) => once(stream, 'data')));
        streams.push(...opened);
      }
      const ended = streams.map((stream) => once(stream.resume(), 'end'));
      const milliseconds = await end(server);
      report('shutdown', { platform: 'HTTP/2', how, streams: STREAMS, milliseconds });
      await Promise.all(ended);
      expect(streams.filter(({ rstCode }) => rstCode === 0)).toHaveLength(STREAMS);
      expect(await outcome(server)).toEqual(expected);
    },
  );
});
