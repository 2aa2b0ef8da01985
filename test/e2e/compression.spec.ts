import fastifyCompress from '@fastify/compress';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import compression from 'compression';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { createGunzip } from 'node:zlib';
import { concat, NEVER, Observable, range, Subject } from 'rxjs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  JSONResponse,
  NDJSONResponse,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { serve } from '../support/serve.js';
import { openText, type OpenOptions } from '../support/text-client.js';
import { until } from '../support/turn.js';

/** Where the items of a test come from. */
let items: Subject<number>;
beforeEach(() => {
  items = new Subject();
});

const events = (): Response => new ServerSentEventResponse(items);
const lines = (): Response => new NDJSONResponse(items);
const ERROR =
  'event: error\ndata: {"detail":"Internal Server Error","error":null,"status_code":500}\n\n';

const fastify = { name: 'Fastify' as const, adapter: () => new FastifyAdapter() };
const http2 = { name: 'Fastify' as const, adapter: () => new FastifyAdapter({ http2: true }) };

/** Compresses whatever its client accepts, `application/x-ndjson` included, which it leaves alone by itself. */
const compressAll = (app: INestApplication) => app.use(compression({ filter: () => true }));

describe.each(platforms)('Behind the compression middleware on $name', (platform) => {
  /** Opens what the handler answers to a client that accepts any compression. */
  async function open(respond: () => Response, { headers, method }: OpenOptions = {}) {
    const { url } = await serve(platform, respond, { configure: compressAll });
    return openText(url, {
      method: method ?? 'GET',
      headers: { 'accept-encoding': 'gzip, br', ...headers },
    });
  }

  it('events are never compressed, and arrive as they are produced', async () => {
    const client = await open(events);
    expect(client.headers).not.toHaveProperty('content-encoding');
    for (const item of [1, 2, 3]) {
      items.next(item);
      await client.receive(`data: ${item}\n\n`);
    }
    items.error(new Error('failed'));
    expect(await client.ended).toBe('end');
    expect(client.text).toBe(`data: 1\n\ndata: 2\n\ndata: 3\n\n${ERROR}`);
  });

  it('events are flushed one by one if the application allows their compression', async () => {
    const client = await open(
      () =>
        new ServerSentEventResponse(items, {
          headers: { 'Cache-Control': 'no-cache' },
          heartbeat: 1,
        }),
    );
    expect(client.headers['content-encoding']).toBe('br');
    await client.receive(': heartbeat\n\n');
    for (const item of [1, 2, 3]) {
      items.next(item);
      await until(() => client.text.includes(`data: ${item}\n\n`));
    }
    items.complete();
    expect(await client.ended).toBe('end');
  });

  it('lines of JSON are not compressed by its default filter', async () => {
    const { url } = await serve(platform, lines, { configure: (app) => app.use(compression()) });
    const client = await openText(url, { headers: { 'accept-encoding': 'gzip' } });
    expect(client.headers).not.toHaveProperty('content-encoding');
    items.next(1);
    await client.receive('1\n');
  });

  describe.each(['gzip', 'deflate', 'br'])('with %s', (encoding) => {
    const headers = { 'accept-encoding': encoding };

    it('lines arrive one by one, as they are produced', async () => {
      const client = await open(lines, { headers });
      expect(client.headers).toMatchObject({
        'content-encoding': encoding,
        'transfer-encoding': 'chunked',
        vary: 'Accept-Encoding',
      });
      for (const item of [1, 2, 3, 4, 5]) {
        items.next(item);
        await client.receive(`${item}\n`);
      }
      items.complete();
      expect(await client.ended).toBe('end');
      expect(client.text).toBe('1\n2\n3\n4\n5\n');
    });

    it('a burst arrives up to its last line, although nothing follows', async () => {
      const client = await open(() => new NDJSONResponse(concat(range(0, 100_000), NEVER)), {
        headers,
      });
      await client.receive('\n99999\n');
      const received = client.text.split('\n');
      expect(received.findIndex((line, i) => line !== String(i))).toBe(100_000);
    });

    it('a source that fails cuts the compressed body too', async () => {
      const client = await open(lines, { headers });
      items.next(1);
      await client.receive('1\n');
      items.error(new Error('failed'));
      expect(await client.ended).toBe('cut');
      expect(client.text).toBe('1\n');
    });

    it('a client that leaves stops the source', async () => {
      const client = await open(lines, { headers });
      items.next(1);
      await client.receive('1\n');
      client.leave();
      await until(() => !items.observed);
      expect(client.text).toBe('1\n');
    });

    it('HEAD returns only the head', async () => {
      const client = await open(lines, { headers, method: 'HEAD' });
      expect(client.headers['content-type']).toBe('application/x-ndjson');
      expect(await client.ended).toBe('end');
      expect([client.text, items.observed]).toEqual(['', false]);
    });
  });

  it('a client that does not read is cut, although the waiting chunks are compressed', async () => {
    const logger = new LogCollector();
    let isStopped = false;
    const flood = new Observable<string>((subscriber) => {
      const timer = setInterval(() => subscriber.next(randomBytes(50_000).toString('hex')), 0);
      return () => {
        clearInterval(timer);
        isStopped = true;
      };
    });
    const { port } = await serve(platform, () => new NDJSONResponse(flood), {
      configure: compressAll,
      application: { logger },
    });
    const client = await RawClient.connect(port);
    client.request('GET / HTTP/1.1', 'Accept-Encoding: gzip');
    await client.receive('\r\n\r\n');
    client.socket.pause();
    await until(() => isStopped);
    expect(logger.entries).toEqual([
      expect.stringContaining('the client does not read its NDJSONResponse, more than 4194304'),
    ]);
    client.socket.resume();
    await client.ended;
    expect(client.received).not.toMatch(/0\r\n\r\n$/);
  });
});

describe('Behind the compression middleware over HTTP/2', () => {
  async function open(): Promise<{ stream: ClientHttp2Stream; headers: IncomingHttpHeaders }> {
    const { url } = await serve(http2, lines, { configure: compressAll });
    const session = connectHttp2(url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ':path': '/', 'accept-encoding': 'gzip' });
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    return { stream, headers };
  }

  it('lines arrive one by one, and a source that fails is a stream error', async () => {
    const { stream, headers } = await open();
    expect(headers['content-encoding']).toBe('gzip');
    const decoder = createGunzip().setEncoding('utf8');
    stream.on('data', (chunk: Buffer) => decoder.write(chunk));
    for (const item of [1, 2, 3]) {
      items.next(item);
      expect(await once(decoder, 'data')).toEqual([`${item}\n`]);
    }
    const failed = new Promise<void>((resolve) => stream.once('error', () => resolve()));
    items.error(new Error('failed'));
    await failed;
    expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  });
});

describe('Beside @fastify/compress', () => {
  const register = (app: INestApplication) =>
    (app as NestFastifyApplication).register(fastifyCompress, { threshold: 0, customTypes: /./ });

  it.each([
    ['events', events, (item: number) => `data: ${item}\n\n`],
    ['lines', lines, (item: number) => `${item}\n`],
  ])('%s are not compressed, and arrive as they are produced', async (_, respond, wire) => {
    const respondOrJSON = ({ url }: IncomingMessage) =>
      url === '/?json' ? new JSONResponse(['compressed']) : respond();
    const { url } = await serve(fastify, respondOrJSON, { configure: register });
    const headers = { 'accept-encoding': 'gzip' };
    const buffered = await openText(`${url}/?json`, { headers });
    expect(buffered.headers['content-encoding']).toBe('gzip');
    await buffered.receive('["compressed"]');
    const client = await openText(url, { headers });
    expect(client.headers).not.toHaveProperty('content-encoding');
    for (const item of [1, 2, 3]) {
      items.next(item);
      await client.receive(wire(item));
    }
    items.complete();
    expect(await client.ended).toBe('end');
  });

  it('a source that fails cuts the body', async () => {
    const { url } = await serve(fastify, lines, { configure: register });
    const client = await openText(url, { headers: { 'accept-encoding': 'gzip' } });
    items.next(1);
    await client.receive('1\n');
    items.error(new Error('failed'));
    expect(await client.ended).toBe('cut');
  });
});
