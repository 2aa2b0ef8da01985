import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect as connectHttp2 } from 'node:http2';
import { NEVER, Observable, concat, fromEvent, mergeMap, of, throwError } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  DisconnectSignal,
  JSONArrayResponse,
  JSONResponse,
  NDJSONResponse,
  OpenStreams,
  ServerSentEvent,
  ServerSentEventResponse,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { send } from '../support/send.js';
import { watchStreams } from '../support/stream-reports.js';

/** A busy machine takes its time. */
const PATIENCE = { timeout: 20_000 };
const SEND_TIMEOUT = 200;
const LONG = 'x'.repeat(100_000);

function* endless(): Generator<string> {
  for (;;) {
    yield LONG;
  }
}

/** Emits on, however fast the client reads. */
const flood = new Observable<string>((subscriber) => {
  const timer = setInterval(() => subscriber.next(LONG), 0);
  return () => clearInterval(timer);
});

const failing = concat(
  of('a'),
  throwError(() => new Error('a secret')),
);

@Controller()
class StreamsController {
  @Get('lines/:count')
  lines(@Param('count') count: string): NDJSONResponse {
    return new NDJSONResponse(Array.from({ length: Number(count) }, (_, i) => ({ i })));
  }

  @Get('list')
  list(): JSONArrayResponse {
    return new JSONArrayResponse([1, 2]);
  }

  @Get('csv')
  csv(): NDJSONResponse {
    return new NDJSONResponse([], { headers: { 'Content-Type': 'application/jsonl' } });
  }

  @Get('open')
  open(): ServerSentEventResponse {
    return new ServerSentEventResponse(
      concat(of(new ServerSentEvent({ event: 'é', data: 'é' })), NEVER),
    );
  }

  @Get('also-open')
  alsoOpen(): ServerSentEventResponse {
    return new ServerSentEventResponse(concat(of('a'), NEVER));
  }

  @Get('aborted')
  aborted(@DisconnectSignal() signal: AbortSignal): ServerSentEventResponse {
    const failure = fromEvent(signal, 'abort').pipe(
      mergeMap(() => throwError(() => new Error('aborted'))),
    );
    return new ServerSentEventResponse(concat(of('a'), failure));
  }

  @Get('failing-events')
  failingEvents(): ServerSentEventResponse {
    return new ServerSentEventResponse(failing);
  }

  @Get('failing-lines')
  failingLines(): NDJSONResponse {
    return new NDJSONResponse(failing);
  }

  @Get('failing-items')
  failingItems(): NDJSONResponse {
    return new NDJSONResponse(of('a', 1n));
  }

  @Get('endless')
  endless(): NDJSONResponse {
    return new NDJSONResponse(endless());
  }

  @Get('long')
  long(): NDJSONResponse {
    return new NDJSONResponse(of(...Array.from({ length: 300 }, () => LONG)));
  }

  @Get('flood')
  flood(): NDJSONResponse {
    return new NDJSONResponse(flood);
  }

  @Get('value')
  value(): JSONResponse {
    return new JSONResponse(1);
  }
}

describe.each(platforms)('The diagnostics channels of streams on $name', (platform) => {
  const startStreams = (sendTimeout = 30_000) =>
    start(platform, {
      controllers: [StreamsController],
      responses: { streams: { sendTimeout, maxBufferedBytes: 100_000 } },
    });

  it('report a stream that is sent to its end', async () => {
    const { url } = await startStreams();
    const reports = watchStreams();
    const { body } = await send(`${url}/lines/3`);
    const report = await reports.untilClosed(1);
    const stream = { route: 'GET /lines/:count', mediaType: 'application/x-ndjson' };
    expect(reports.opened).toEqual([
      { ...stream, items: 0, bytes: 0, duration: undefined, reason: undefined, error: undefined },
    ]);
    const { duration, ...others } = report;
    expect(others).toEqual({
      ...stream,
      items: 3,
      bytes: body.length,
      reason: 'end',
      error: undefined,
    });
    expect(duration).toBeGreaterThan(0);
  });

  it('count the bytes around the items', async () => {
    const { url } = await startStreams();
    const reports = watchStreams();
    await send(`${url}/list`);
    expect(await reports.untilClosed(1)).toMatchObject({ items: 2, bytes: '[1,2]'.length });
  });

  it('report the media type that is sent', async () => {
    const { url } = await startStreams();
    const reports = watchStreams();
    await send(`${url}/csv`);
    expect(await reports.untilClosed(1)).toMatchObject({ mediaType: 'application/jsonl' });
  });

  it('report a client that disconnects', async () => {
    const { port } = await startStreams();
    const reports = watchStreams();
    const client = await RawClient.connect(port);
    client.request('GET /open HTTP/1.1');
    await client.receive('data: ');
    client.leave();
    const { duration: _, ...report } = await reports.untilClosed(1);
    expect(report).toEqual({
      route: 'GET /open',
      mediaType: 'text/event-stream',
      items: 1,
      bytes: Buffer.byteLength('event: é\ndata: é\n\n'),
      reason: 'client',
    });
  });

  it('report a client that disconnects before it has read the last items of an ended source', async () => {
    const { port } = await startStreams();
    const reports = watchStreams();
    const client = await RawClient.connect(port);
    client.request('GET /long HTTP/1.1');
    await client.receive('xxx');
    client.leave();
    expect(await reports.untilClosed(1)).toMatchObject({ items: 300, reason: 'client' });
  });

  it('report a source that fails because its client disconnects', async () => {
    const { port } = await startStreams();
    const reports = watchStreams();
    const client = await RawClient.connect(port);
    client.request('GET /aborted HTTP/1.1');
    await client.receive('data: a');
    client.leave();
    expect(await reports.untilClosed(1)).toMatchObject({ reason: 'client', error: undefined });
  });

  it.each([
    ['failing-events', new Error('a secret')],
    ['failing-lines', new Error('a secret')],
    ['failing-items', expect.any(TypeError) as TypeError],
  ])('report a failure and its error: /%s', async (path, error) => {
    const { port } = await startStreams();
    const reports = watchStreams();
    const client = await RawClient.connect(port);
    client.request(`GET /${path} HTTP/1.1`);
    expect(await reports.untilClosed(1)).toMatchObject({ items: 1, reason: 'error', error });
  });

  it.each([
    ['takes nothing for sendTimeout', 'endless', SEND_TIMEOUT],
    ['reaches maxBufferedBytes', 'flood', 30_000],
    ['takes nothing of what the source has ended with', 'long', SEND_TIMEOUT],
  ])('report a client that %s', async (_, path, sendTimeout) => {
    const { port } = await startStreams(sendTimeout);
    const reports = watchStreams();
    const client = await RawClient.connect(port);
    client.socket.pause();
    client.request(`GET /${path} HTTP/1.1`);
    expect(await reports.untilClosed(1)).toMatchObject({ reason: 'slow' });
  });

  it('report streams that the shutdown ends, and that it cuts', async () => {
    const logger = new LogCollector();
    const { app, port } = await start(platform, {
      controllers: [StreamsController],
      responses: { shutdownTimeout: 100 },
      application: { logger },
    });
    const reports = watchStreams();
    const client = await RawClient.connect(port);
    client.request('GET /open HTTP/1.1');
    await client.receive('data: ');
    const reader = await RawClient.connect(port);
    reader.socket.pause();
    reader.request('GET /endless HTTP/1.1');
    await vi.waitUntil(() => reports.opened.length === 2, PATIENCE);
    await app.close();
    await reports.untilClosed(2);
    expect(reports.closed.map(({ route, reason }) => [route, reason])).toEqual([
      ['GET /open', 'shutdown'],
      ['GET /endless', 'shutdown'],
    ]);
    expect(logger.entries).toHaveLength(1);
  });

  it('publish the same report at open and at close, with current figures', async () => {
    const { port } = await startStreams();
    const reports = watchStreams();
    const messages: unknown[] = [];
    const onOpen = (message: unknown) => messages.push(message);
    subscribe('nestjs-responses:stream:open', onOpen);
    onTestFinished(() => void unsubscribe('nestjs-responses:stream:open', onOpen));
    const client = await RawClient.connect(port);
    client.request('GET /open HTTP/1.1');
    await client.receive('data: ');
    expect(messages).toMatchObject([{ items: 1, duration: undefined }]);
    client.leave();
    expect(await reports.untilClosed(1)).toBe(messages[0]);
  });

  it('are silent for responses that are not streamed, and for HEAD', async () => {
    const { url } = await startStreams();
    const reports = watchStreams();
    await send(`${url}/value`);
    await send(`${url}/open`, { method: 'HEAD' });
    await send(`${url}/lines/1`);
    await reports.untilClosed(1);
    expect(reports.opened.map(({ route }) => route)).toEqual(['GET /lines/:count']);
  });

  it('do not report a stream that opened before the first subscription', async () => {
    const { app, port, url } = await startStreams();
    const client = await RawClient.connect(port);
    client.request('GET /open HTTP/1.1');
    await client.receive('data: ');
    const reports = watchStreams();
    client.leave();
    const streams = app.get(OpenStreams);
    await vi.waitUntil(() => streams.count === 0, PATIENCE);
    await send(`${url}/list`);
    await reports.untilClosed(1);
    expect(reports.closed.map(({ route }) => route)).toEqual(['GET /list']);
  });
});

describe('The diagnostics channels of streams', () => {
  it('report streams over HTTP/2', async () => {
    const { port } = await start(
      { name: 'Fastify', adapter: () => new FastifyAdapter({ http2: true }) as FastifyAdapter },
      { controllers: [StreamsController] },
    );
    const reports = watchStreams();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    onTestFinished(() => session.destroy());
    session.request({ ':path': '/list' }).resume();
    expect(await reports.untilClosed(1)).toMatchObject({ items: 2, bytes: 5, reason: 'end' });
    const open = session.request({ ':path': '/open' });
    open.on('error', () => undefined);
    open.once('data', () => open.destroy());
    expect(await reports.untilClosed(2)).toMatchObject({ items: 1, reason: 'client' });
  });

  it('report streams without a socket', async () => {
    const { app } = await start(
      { name: 'Fastify', adapter: () => new FastifyAdapter() },
      { controllers: [StreamsController] },
    );
    const reports = watchStreams();
    await (app as NestFastifyApplication).inject('/list');
    expect(await reports.untilClosed(1)).toMatchObject({ items: 2, bytes: 5, reason: 'end' });
  });
});

describe.each(platforms)('OpenStreams on $name', (platform) => {
  it('counts open streams, by route, in every module of the application', async () => {
    @Controller('health')
    class HealthController {
      constructor(@Inject(OpenStreams) private readonly streams: OpenStreams) {}

      @Get()
      health() {
        const { count } = this.streams;
        return { count, byRoute: Object.fromEntries(this.streams.byRoute()) };
      }
    }
    @Module({ controllers: [HealthController] })
    class HealthModule {}

    const { port, url } = await start(platform, {
      imports: [HealthModule],
      controllers: [StreamsController],
    });
    const health = async (): Promise<unknown> => JSON.parse((await send(`${url}/health`)).body);
    expect(await health()).toEqual({ count: 0, byRoute: {} });
    const clients = await Promise.all(
      ['open', 'open', 'also-open'].map(async (path) => {
        const client = await RawClient.connect(port);
        client.request(`GET /${path} HTTP/1.1`);
        await client.receive('data: ');
        return client;
      }),
    );
    expect(await health()).toEqual({
      count: 3,
      byRoute: { 'GET /open': 2, 'GET /also-open': 1 },
    });
    clients[0]?.leave();
    await expect.poll(health, PATIENCE).toEqual({
      count: 2,
      byRoute: { 'GET /open': 1, 'GET /also-open': 1 },
    });
  });
});
