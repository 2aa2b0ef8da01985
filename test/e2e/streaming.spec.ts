import { BadRequestException, Controller, Get, type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { request, type Server } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { concat, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  DisconnectSignal,
  JSONResponse,
  NDJSONResponse,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { send } from '../support/send.js';
import { serve } from '../support/serve.js';
import { until } from '../support/turn.js';

/** A gate that a source waits at, until the test lets it go on. */
class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

let gates: Gate[];
/** The reports of sources, in order. */
let told: string[];
/** Resolves once a source has reported something. */
let tell: Subject<string>;
/** The reports of a handler's signal. */
let signals: AbortSignal[];

beforeEach(() => {
  gates = [new Gate(), new Gate(), new Gate()];
  told = [];
  tell = new Subject();
  signals = [];
});
afterEach(() => {
  gates.forEach((gate) => gate.open());
});

function say(text: string): void {
  told.push(text);
  tell.next(text);
}

/** Resolves once a source has reported the text. */
async function heard(text: string): Promise<void> {
  if (told.includes(text)) {
    return;
  }
  await new Promise<void>((resolve) => {
    const subscription = tell.subscribe((one) => {
      if (one === text) {
        subscription.unsubscribe();
        resolve();
      }
    });
  });
}

async function* gated(): AsyncGenerator<number> {
  try {
    for (const [i, gate] of gates.entries()) {
      await gate.opened;
      say(`produced ${i}`);
      yield i;
    }
  } finally {
    say('finally');
  }
}

/** Each kind of source: it sends one item and is quiet then, and tells when it is stopped. */
const quiet: Record<string, () => ConstructorParameters<typeof NDJSONResponse>[0]> = {
  observable: () =>
    new Observable((subscriber) => {
      subscriber.next('first');
      return () => say('stopped');
    }),
  generator: async function* () {
    try {
      yield 'first';
      await gates[0]?.opened;
      yield 'second';
    } finally {
      say('stopped');
    }
  },
  readable: () => {
    const readable = new Readable({ objectMode: true, read: () => undefined });
    readable.push('first');
    return readable.once('close', () => say('stopped'));
  },
  web: () =>
    new ReadableStream({
      start: (controller) => controller.enqueue('first'),
      cancel: () => say('stopped'),
    }),
  iterable: () => {
    const results = [Promise.resolve({ done: false, value: 'first' })];
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => results.shift() ?? new Promise<IteratorResult<string>>(() => undefined),
        return: () => {
          say('stopped');
          return Promise.resolve({ done: true as const, value: undefined });
        },
      }),
    };
  },
};

@Controller()
class StreamsController {
  @Get('gated')
  gated(): Response {
    return new NDJSONResponse(gated());
  }

  @Get('gated-events')
  gatedEvents(): Response {
    return new ServerSentEventResponse(gated());
  }

  @Get('gated-mapped')
  @ApiNDJSONResponse({ type: Number })
  gatedMapped(): AsyncIterable<number> {
    return gated();
  }

  @Get('buffered')
  buffered(): Response {
    return new JSONResponse('buffered');
  }

  @Get('endless')
  endless(): Response {
    return new NDJSONResponse(
      (function* () {
        try {
          for (;;) {
            yield 'x'.repeat(1024);
          }
        } finally {
          say('stopped');
        }
      })(),
    );
  }

  @Get('burst')
  burst(): Response {
    return new NDJSONResponse(
      new Observable((subscriber) => {
        for (let i = 0; i < 1_000_000; i += 1) {
          subscriber.next(i);
        }
        subscriber.complete();
      }),
    );
  }

  @Get('flood')
  flood(): Response {
    return new NDJSONResponse(
      new Observable((subscriber) => {
        const timer = setInterval(() => subscriber.next('x'.repeat(100_000)), 0);
        return () => {
          clearInterval(timer);
          say('stopped');
        };
      }),
    );
  }

  @Get('signal')
  signal(@DisconnectSignal() signal: AbortSignal): Response {
    signals.push(signal);
    signal.addEventListener('abort', () => say('aborted'));
    return new NDJSONResponse(concat(of('first'), NEVER));
  }

  @Get('signal-slow')
  async signalSlow(@DisconnectSignal() signal: AbortSignal): Promise<Response> {
    signal.addEventListener('abort', () => say('aborted'));
    say('called');
    await gates[0]?.opened;
    return new NDJSONResponse(quiet['readable']?.() ?? []);
  }

  @Get('signal-mapped')
  @ApiServerSentEventResponse({ type: String })
  signalMapped(@DisconnectSignal() signal: AbortSignal): Observable<string> {
    signal.addEventListener('abort', () => say('aborted'));
    return concat(of('first'), NEVER);
  }

  @Get('signal-done')
  signalDone(@DisconnectSignal() signal: AbortSignal): Response {
    signal.addEventListener('abort', () => say('aborted'));
    return new JSONResponse({});
  }
}

for (const [name, make] of Object.entries(quiet)) {
  Object.defineProperty(StreamsController.prototype, `quiet-${name}`, {
    value: () => new NDJSONResponse(make()),
  });
  const descriptor = Object.getOwnPropertyDescriptor(StreamsController.prototype, `quiet-${name}`);
  Get(`quiet/${name}`)(StreamsController.prototype, `quiet-${name}`, descriptor ?? {});
}

const failures: [what: string, error: unknown, data: string][] = [
  [
    'an HttpException',
    new BadRequestException('no such puppy'),
    '{"detail":"no such puppy","error":"BadRequestException","status_code":400}',
  ],
  [
    'any other error',
    new Error('password is 1234'),
    '{"detail":"Internal Server Error","error":null,"status_code":500}',
  ],
];

function failing(error: unknown): new () => object {
  const items = () =>
    concat(
      of('first'),
      throwError(() => error),
    );
  @Controller()
  class FailingController {
    @Get('events')
    events(): Response {
      return new ServerSentEventResponse(items());
    }

    @Get('lines')
    lines(): Response {
      return new NDJSONResponse(items());
    }
  }
  return FailingController;
}

async function startStreams(platform: Platform, logger = new LogCollector()) {
  const started = await start(platform, {
    controllers: [StreamsController],
    application: { logger },
  });
  return { ...started, logger };
}

describe.each(platforms)('on $name', (platform) => {
  it.each([
    ['gated', '0\n', '1\n'],
    ['gated-events', 'data: 0\n\n', 'data: 1\n\n'],
    ['gated-mapped', '0\n', '1\n'],
  ])(
    'the head of /%s arrives before the first item is produced, and the first before the second',
    async (path, first, second) => {
      const { port } = await startStreams(platform);
      const client = await RawClient.connect(port);
      client.request(`GET /${path} HTTP/1.1`);
      await client.receive('\r\n\r\n');
      expect(told).toEqual([]);
      gates[0]?.open();
      await client.receive(first);
      expect(told).toEqual(['produced 0']);
      gates[1]?.open();
      await client.receive(second);
      expect(told).toEqual(['produced 0', 'produced 1']);
      gates[2]?.open();
      await client.receive('0\r\n\r\n');
      expect(told).toEqual(['produced 0', 'produced 1', 'produced 2', 'finally']);
    },
  );

  it('a burst of 1,000,000 items arrives in order', async () => {
    const { url, logger } = await startStreams(platform);
    const answer = await send(`${url}/burst`);
    expect(answer.isComplete).toBe(true);
    const lines = answer.body.split('\n');
    expect(lines).toHaveLength(1_000_001);
    expect(lines.findIndex((line, i) => line !== String(i))).toBe(1_000_000);
    expect(logger.entries).toEqual([]);
  });

  it.each(Object.keys(quiet))('a disconnect stops a quiet source: %s', async (name) => {
    const { port } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request(`GET /quiet/${name} HTTP/1.1`);
    await client.receive('"first"\n');
    expect(told).toEqual([]);
    client.leave();
    if (name === 'generator') {
      // It waits itself, and runs its finally as soon as it can.
      gates[0]?.open();
    }
    await heard('stopped');
    expect(told).toEqual(['stopped']);
  });

  it.each(['signal', 'signal-mapped'])(
    'a client that leaves aborts the signal: /%s',
    async (path) => {
      const { port } = await startStreams(platform);
      const client = await RawClient.connect(port);
      client.request(`GET /${path} HTTP/1.1`);
      await client.receive('first');
      client.leave();
      await heard('aborted');
      expect(told).toEqual(['aborted']);
    },
  );

  it('a client that leaves before the handler returns aborts the signal, and its stream is released', async () => {
    const { port } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /signal-slow HTTP/1.1');
    await heard('called');
    client.leave();
    await heard('aborted');
    gates[0]?.open();
    await heard('stopped');
    expect(told).toEqual(['called', 'aborted', 'stopped']);
  });

  it('the signal aborts once the response is over', async () => {
    const { url } = await startStreams(platform);
    await send(`${url}/signal-done`);
    await heard('aborted');
    expect(told).toEqual(['aborted']);
  });

  it('a client that leaves an endless source stops it', async () => {
    const { port } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /endless HTTP/1.1');
    await client.receive('xxx');
    client.leave();
    await heard('stopped');
    expect(told).toEqual(['stopped']);
  });

  it('an endless synchronous source does not block other requests', async () => {
    const { port, url } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /endless HTTP/1.1');
    await client.receive('xxx');
    expect(await send(`${url}/buffered`)).toMatchObject({ status: 200, body: '"buffered"' });
    client.leave();
    await heard('stopped');
    expect(told).toEqual(['stopped']);
  });

  it('a client that does not read pushed items is cut, with a warning', async () => {
    const { port, logger } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /flood HTTP/1.1');
    await client.receive('xxx');
    client.socket.pause();
    await heard('stopped');
    expect(logger.entries).toEqual([
      expect.stringMatching(
        /^warn: GET \/flood: the client does not read its NDJSONResponse, more than 4194304 bytes/,
      ),
    ]);
    client.socket.resume();
    await client.ended;
    expect(client.received).not.toMatch(/0\r\n\r\n$/);
  });

  it('pipelined requests are answered in order', async () => {
    const { port } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /gated HTTP/1.1');
    client.request('GET /buffered HTTP/1.1');
    client.request('GET /gated HTTP/1.1', 'Connection: close');
    gates.forEach((gate) => gate.open());
    expect(await client.ended).toBe('end');
    expect(client.received).toMatch(/0\n[^]*1\n[^]*2\n[^]*"buffered"[^]*0\n[^]*1\n[^]*2\n/);
    expect(told.filter((one) => one === 'finally')).toHaveLength(2);
  });

  it('a disconnect stops responses that wait behind others on the connection', async () => {
    const { port } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /signal HTTP/1.1');
    client.request('GET /quiet/observable HTTP/1.1');
    client.request('GET /quiet/readable HTTP/1.1');
    await client.receive('first');
    client.leave();
    await until(() => told.length === 3);
    expect(told.toSorted()).toEqual(['aborted', 'stopped', 'stopped']);
  });

  it('a source that waits behind another stream on its connection stops once too many bytes wait', async () => {
    const { port, logger } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /signal HTTP/1.1');
    client.request('GET /flood HTTP/1.1');
    await client.receive('first');
    await heard('stopped');
    expect(told).toEqual(['stopped']);
    expect(logger.entries).toEqual([expect.stringContaining('(streams.maxBufferedBytes)')]);
  });

  it('an HTTP/1.0 client gets a body that ends with the connection', async () => {
    const { port } = await startStreams(platform);
    const client = await RawClient.connect(port);
    client.request('GET /gated HTTP/1.0');
    gates.forEach((gate) => gate.open());
    expect(await client.ended).toBe('end');
    expect(client.received).not.toMatch(/transfer-encoding/i);
    expect(client.received).toMatch(/\r\n\r\n0\n1\n2\n$/);
  });

  it.each(failures)(
    'an event stream that fails with %s reports it, and ends',
    async (_what, error, data) => {
      const logger = new LogCollector();
      const { url } = await start(platform, {
        controllers: [failing(error)],
        application: { logger },
      });
      const answer = await send(`${url}/events`);
      expect(answer).toMatchObject({
        status: 200,
        body: `data: first\n\nevent: error\ndata: ${data}\n\n`,
        isComplete: true,
      });
      expect(logger.entries).toEqual([
        expect.stringContaining(
          'error: GET /events: the source of a ServerSentEventResponse failed.',
        ),
      ]);
    },
  );

  it.each(failures)('any other stream that fails with %s is cut', async (_what, error) => {
    const logger = new LogCollector();
    const { url } = await start(platform, {
      controllers: [failing(error)],
      application: { logger },
    });
    expect(await send(`${url}/lines`)).toMatchObject({
      status: 200,
      body: '"first"\n',
      isComplete: false,
    });
    expect(logger.entries).toEqual([
      expect.stringContaining('error: GET /lines: the source of a NDJSONResponse failed.'),
    ]);
  });

  it('any other stream that fails resets an HTTP/1.0 connection, because a close would be a proper end', async () => {
    const items = new Subject<string>();
    const { port } = await serve(platform, () => new NDJSONResponse(items));
    const client = await RawClient.connect(port);
    client.request('GET / HTTP/1.0');
    await client.receive('\r\n\r\n');
    items.next('first');
    await client.receive('\r\n\r\n"first"\n');
    items.error(new Error('failed'));
    expect(await client.ended).toBe('reset');
  });

  it('streams end properly when the application is closed', async () => {
    const { app, port } = await startStreams(platform);
    const clients = await Promise.all(
      ['quiet/observable', 'quiet/readable', 'signal-mapped'].map(async (path) => {
        const client = await RawClient.connect(port);
        client.request(`GET /${path} HTTP/1.1`);
        await client.receive('first');
        return client;
      }),
    );
    await app.close();
    await Promise.all(clients.map((client) => client.ended));
    for (const client of clients) {
      expect(client.received).toMatch(/\r\n0\r\n\r\n$/);
    }
    expect(told).toEqual(expect.arrayContaining(['stopped', 'stopped', 'aborted']));
  });

  it.each<[what: string, respond: () => Response]>([
    ['a stream', () => new NDJSONResponse(NEVER)],
    ['a value', () => new JSONResponse({})],
  ])(
    'what is answered while the application is closed keeps no connection: %s',
    async (_, respond) => {
      const handler = async () => {
        say('called');
        await gates[0]?.opened;
        return respond();
      };
      const application = { forceCloseConnections: false };
      const { app, port } = await serve(platform, handler, { application });
      const client = await RawClient.connect(port);
      client.request('GET / HTTP/1.1');
      await heard('called');
      const closed = app.close();
      await until(() => !(app.getHttpServer() as Server).listening);
      gates[0]?.open();
      await client.receive('\r\n\r\n');
      expect(client.received).toMatch(/\r\nConnection: close\r\n/i);
      expect(await client.ended).toBe('end');
      await closed;
    },
  );

  it('heartbeats keep a quiet event stream alive', async () => {
    @Controller()
    class QuietController {
      @Get('quiet')
      quiet(): Response {
        return new ServerSentEventResponse(NEVER);
      }
    }
    const { port } = await start(platform, {
      controllers: [QuietController],
      responses: { eventStream: { heartbeat: 1, retry: 7 } },
    });
    const client = await RawClient.connect(port);
    client.request('GET /quiet HTTP/1.1');
    await client.receive(': heartbeat\n\n');
    expect(client.received).toContain('retry: 7\n\n');
  });
});

describe('over HTTP/2', () => {
  const fastify = platforms.find(({ name }) => name === 'Fastify') as Platform;

  async function open(controllers: (new () => object)[], path: string, method = 'GET') {
    const logger = new LogCollector();
    const { url, app } = await start(fastify, {
      controllers,
      adapter: new FastifyAdapter({ http2: true }) as unknown as FastifyAdapter,
      application: { logger },
    });
    const session = connectHttp2(url);
    const stream = session.request({ ':path': path, ':method': method });
    const [headers] = (await once(stream, 'response')) as [Record<string, string>];
    return { app, session, stream, headers, logger };
  }

  /** Reads a body to its end or its failure. */
  async function read(stream: NodeJS.ReadableStream): Promise<string> {
    let body = '';
    for await (const chunk of stream) {
      body += String(chunk);
    }
    return body;
  }

  it('a stream arrives item by item', async () => {
    const { session, stream, headers } = await open([StreamsController], '/gated');
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/x-ndjson' });
    gates[0]?.open();
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('0\n');
    expect(told).toEqual(['produced 0']);
    gates.forEach((gate) => gate.open());
    expect(await read(stream)).toBe('1\n2\n');
    session.close();
  });

  it('a stream that fails is a stream error', async () => {
    const { session, stream } = await open([failing(new Error('failed'))], '/lines');
    await expect(read(stream)).rejects.toThrow('NGHTTP2_INTERNAL_ERROR');
    expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    session.close();
  });

  it('an event stream that fails reports it, and ends', async () => {
    const { session, stream } = await open([failing(new Error('failed'))], '/events');
    expect(await read(stream)).toMatch(/^data: first\n\nevent: error\ndata: \{.*\}\n\n$/);
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    session.close();
  });

  it.each(Object.keys(quiet))('a disconnect stops a quiet source: %s', async (name) => {
    const { session, stream } = await open([StreamsController], `/quiet/${name}`);
    await once(stream, 'data');
    stream.close(constants.NGHTTP2_CANCEL);
    gates[0]?.open();
    await heard('stopped');
    expect(told).toEqual(['stopped']);
    session.close();
  });

  it('HEAD answers the head alone', async () => {
    const { session, stream, headers } = await open([StreamsController], '/gated', 'HEAD');
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/x-ndjson' });
    expect(await read(stream)).toBe('');
    expect(told).toEqual([]);
    session.close();
  });

  it('a client that does not read what is pushed is cut', async () => {
    const { session, stream, logger } = await open([StreamsController], '/flood');
    stream.pause();
    await heard('stopped');
    expect(logger.entries).toEqual([expect.stringContaining('more than 4194304 bytes wait')]);
    stream.on('error', () => undefined).destroy();
    session.destroy();
  });
});

describe("with Fastify's inject()", () => {
  const fastify = platforms.find(({ name }) => name === 'Fastify') as Platform;

  it.each([
    ['gated', '0\n1\n2\n'],
    ['gated-events', 'data: 0\n\ndata: 1\n\ndata: 2\n\n'],
    ['buffered', '"buffered"'],
  ])('/%s answers as over the wire', async (path, body) => {
    const { app } = await startStreams(fastify);
    gates.forEach((gate) => gate.open());
    const answer = await instanceOf(app).inject({ method: 'GET', url: `/${path}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(body);
  });
});

function instanceOf(app: INestApplication): FastifyInstance {
  return app.getHttpAdapter().getInstance() as FastifyInstance;
}

describe.each(platforms)('a request without a body of its own on $name', (platform) => {
  it('does not count as disconnected once it has been read', async () => {
    const { port } = await startStreams(platform);
    const outgoing = request({ port, path: '/signal' }).end();
    const [incoming] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
    await once(incoming, 'data');
    expect(signals.map((signal) => signal.aborted)).toEqual([false]);
    outgoing.destroy();
    await heard('aborted');
  });
});
