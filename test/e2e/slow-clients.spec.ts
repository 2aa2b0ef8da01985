import { Controller, Get } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { truncate } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setInterval } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileResponse, NDJSONResponse } from '../../src/index.js';
import { folder } from '../support/folder.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start } from '../support/platforms.js';

/** Long beside what a busy machine is late by. */
const SEND_TIMEOUT = 1000;
/** The amount that a slow client reads at once: 320 kB a second. A socket drains after about 900 kB. */
const PIECE = 16_000;
const PAUSE = 50;
const DURATION = 3 * SEND_TIMEOUT;

function* endless(): Generator<string> {
  for (;;) {
    yield 'x'.repeat(1000);
  }
}

/** Sends a request. Returns the callback for each chunk that is read. */
type Request = (socket: Socket, path: string) => (piece: Buffer) => void;

const requestHttp1: Request = (socket, path) => {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  return () => undefined;
};

/** By windows that leave all to the socket, as those of browsers do. */
const requestHttp2: Request = (socket, path) => {
  const window = 2 ** 30;
  const connection = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => void socket.write(chunk, done),
  });
  const session = connectHttp2('http://127.0.0.1', {
    createConnection: () => connection,
    settings: { initialWindowSize: window },
  });
  onTestFinished(() => session.destroy());
  session.once('connect', () => {
    session.setLocalWindowSize(window);
    session.request({ ':path': path }).resume();
  });
  return (piece) => connection.push(piece);
};

const fastifyHttp2 = {
  name: 'Fastify' as const,
  adapter: () => new FastifyAdapter({ http2: true }),
};

const targets = [
  ...platforms.map((platform) => ({ platform, protocol: 'HTTP/1.1', request: requestHttp1 })),
  { platform: fastifyHttp2, protocol: 'HTTP/2', request: requestHttp2 },
].flatMap((target) => [
  { ...target, path: '/stream', what: 'NDJSONResponse', kind: 'StreamingResponse' },
  { ...target, path: '/file', what: 'file', kind: 'FileResponse' },
]);

/** Reads a little now and then, until the time is over or the connection is. */
async function readSlowly(socket: Socket, onPiece: (piece: Buffer) => void): Promise<void> {
  const begin = performance.now();
  for await (const _ of setInterval(PAUSE)) {
    if (socket.closed || performance.now() - begin > DURATION) {
      return;
    }
    const piece = socket.read(Math.min(PIECE, socket.readableLength)) as Buffer | null;
    if (piece) {
      onPiece(piece);
    }
  }
}

// Elsewhere the system does not tell.
describe.runIf(process.platform === 'linux')('a client on the same machine', () => {
  it.each(targets)(
    'can be slow, and is cut when it receives nothing more: $path on $platform.name with $protocol',
    { timeout: 30_000 },
    async ({ platform, request, path, what, kind }) => {
      const film = join(await folder({ 'film.bin': '' }), 'film.bin');
      await truncate(film, 1024 ** 3);
      @Controller()
      class SlowController {
        @Get('stream')
        stream(): NDJSONResponse<string> {
          return new NDJSONResponse(endless());
        }

        @Get('file')
        file(): FileResponse {
          return new FileResponse(film);
        }
      }
      const logs = new LogCollector();
      const { port } = await start(platform, {
        controllers: [SlowController],
        responses: { streams: { sendTimeout: SEND_TIMEOUT } },
        application: { logger: logs },
      });
      const socket = connect(port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      // With a listener for what is there to be read, nothing is read by itself.
      socket.on('readable', () => undefined).on('error', () => undefined);
      await readSlowly(socket, request(socket, path));
      expect(logs.entries).toEqual([]);
      expect(socket.closed).toBe(false);
      await vi.waitUntil(() => logs.entries.length > 0, 15_000);
      expect(logs.entries).toEqual([
        `warn: GET ${path}: the client does not read its ${what}, it took nothing for ${SEND_TIMEOUT} ms (streams.sendTimeout). ${kind}`,
      ]);
    },
  );
});
