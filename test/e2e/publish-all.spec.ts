import { Controller, ForbiddenException, Get, HttpCode, Logger, Post } from '@nestjs/common';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { concat, NEVER, of, Subject, throwError } from 'rxjs';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
} from 'vitest';
import { RedisEventLog } from '../../src/channels/redis/index.js';
import {
  ChannelEndedError,
  EventChannels,
  EventChannelsModule,
  EventLogUnavailableError,
  LastEventId,
  MemoryEventLog,
  ServerSentEvent,
  type EventLog,
  type LogPage,
  type LogRecord,
  type ResponsesModuleOptions,
  type StreamContent,
} from '../../src/index.js';
import { deferred } from '../support/deferred.js';
import { logs, type LogKind } from '../support/event-log-kinds.js';
import { openEventStream } from '../support/event-stream-client.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start } from '../support/platforms.js';
import { redisProgram, RedisServer } from '../support/redis-server.js';
import { send } from '../support/send.js';
import { turn } from '../support/turn.js';

/** A busy machine takes its time. */
const PATIENCE = { timeout: 20_000 };

/** The events of a channel that ends, each as its type and its data. */
async function eventsOf(channels: EventChannels, channel: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { event, data } of channels.follow(channel, { from: 'start' })) {
    all.push(event === undefined ? data : [event, data]);
  }
  return all;
}

/** Channels that stay open when `channels` are closed: those of another process, if the log supports it. */
function elsewhere(log: LogKind, channels: EventChannels): EventChannels {
  if (log.name === 'MemoryEventLog') {
    return channels;
  }
  const others = new EventChannels(log.create());
  onTestFinished(() => others.close());
  return others;
}

/** Counts up as fast as it is asked. */
class Counter {
  count = 0;
  isStopped = false;

  *[Symbol.iterator](): Generator<number> {
    try {
      for (;;) {
        yield this.count++;
      }
    } finally {
      this.isStopped = true;
    }
  }
}

const FAILURE = { detail: 'Internal Server Error', error: null, status_code: 500 };
const SHUTDOWN = {
  detail: 'The server is shutting down.',
  error: 'ServiceUnavailableException',
  status_code: 503,
};

describe.each(logs)('publishAll() on a $name', (log) => {
  beforeAll(() => log.setUp());
  afterAll(() => log.tearDown());
  beforeEach(() => {
    Logger.overrideLogger(false);
  });

  let count = 0;
  /** The name of a channel that no other test has. */
  const channelName = () => `run ${++count}`;

  const open = (own: EventLog = log.create()) => {
    const channels = new EventChannels(own);
    onTestFinished(() => channels.close());
    return channels;
  };

  const bytes = [Buffer.from('caf\xc3', 'latin1'), Buffer.from('\xa9!', 'latin1')];
  it.each<[string, () => StreamContent<unknown>, unknown[]]>([
    ['an Observable', () => of(1, 'two', { three: 3 }), [1, 'two', { three: 3 }]],
    ['an array', () => [1, null, undefined], [1, null, null]],
    ['a generator', () => new Set([1, 2]).values(), [1, 2]],
    ['a stream of objects', () => Readable.from([{ i: 1 }, { i: 2 }]), [{ i: 1 }, { i: 2 }]],
    ['a stream of bytes', () => Readable.from(bytes, { objectMode: false }), ['caf', 'é!']],
    [
      'a web stream',
      () =>
        new ReadableStream<unknown>({
          start: (controller) => {
            controller.enqueue('a');
            controller.close();
          },
        }),
      ['a'],
    ],
    [
      'events',
      () => [
        new ServerSentEvent({ comment: 'heartbeat' }),
        new ServerSentEvent({ id: 7, event: 'token', data: 'a', retry: 100 }),
        new ServerSentEvent({ event: 'done' }),
        new ServerSentEvent({ retry: 100 }),
      ],
      [
        ['token', 'a'],
        ['done', undefined],
      ],
    ],
    ['nothing', () => [], []],
  ])('publishes %s, and ends the channel', async (_, source, expected) => {
    const channels = open();
    const channel = channelName();
    await channels.publishAll(channel, source());
    expect(await eventsOf(channels, channel)).toEqual(expected);
  });

  it('publishes items as they arrive, in order', async () => {
    const channels = open();
    const channel = channelName();
    const source = new Subject<number>();
    const done = channels.publishAll(channel, source);
    const events = channels.follow(channel, { from: 'start' });
    for (const i of [1, 2]) {
      const next = events.next();
      source.next(i);
      expect((await next).value?.data).toBe(i);
    }
    Array.from({ length: 1000 }, (_, i) => source.next(3 + i));
    source.complete();
    await done;
    const all = await eventsOf(channels, channel);
    expect(all).toEqual(Array.from({ length: 1002 }, (_, i) => 1 + i));
  });

  it('continues after events that others have published to the channel', async () => {
    const channels = open();
    const channel = channelName();
    await channels.publish(channel, { data: 'first' });
    await channels.publishAll(channel, ['second']);
    expect(await eventsOf(channels, channel)).toEqual(['first', 'second']);
  });

  it.each<[string, () => StreamContent<unknown>, unknown]>([
    [
      'fails',
      () =>
        concat(
          of(1),
          throwError(() => new Error('a secret')),
        ),
      FAILURE,
    ],
    [
      'fails with an HttpException',
      () =>
        concat(
          of(1),
          throwError(() => new ForbiddenException('Not yours')),
        ),
      { detail: 'Not yours', error: 'ForbiddenException', status_code: 403 },
    ],
    ['has an item that JSON cannot hold', () => [1, 1n], FAILURE],
    [
      'fails with what JSON cannot hold',
      () =>
        concat(
          of(1),
          throwError(() => new ForbiddenException({ message: 1n })),
        ),
      FAILURE,
    ],
  ])('publishes an event error for a source that %s, and ends', async (_, source, data) => {
    const channels = open();
    const channel = channelName();
    await channels.publishAll(channel, source());
    expect(await eventsOf(channels, channel)).toEqual([1, ['error', data]]);
  });

  it('stops the source if the channel is ended elsewhere', async () => {
    const channels = open();
    const channel = channelName();
    const source = new Counter();
    const done = channels.publishAll(channel, source);
    await channels.follow(channel, { from: 'start' }).next();
    await channels.end(channel);
    await done;
    expect(source.isStopped).toBe(true);
  });

  it('rejects for a channel that has ended, and releases the source', async () => {
    const channels = open();
    const channel = channelName();
    await channels.end(channel);
    const source = Readable.from([1]);
    await expect(channels.publishAll(channel, source)).rejects.toThrow(ChannelEndedError);
    expect(source.destroyed).toBe(true);
  });

  it('does not end the process with an unhandled rejection', async () => {
    const channels = open();
    const channel = channelName();
    await channels.end(channel);
    // Vitest fails for one that is not handled.
    void channels.publishAll(channel, [1]);
    await expect(channels.publishAll(channel, [1])).rejects.toThrow(ChannelEndedError);
    await turn();
  });

  it('does not block the event loop', async () => {
    const channels = open();
    const channel = channelName();
    const source = new Counter();
    const done = channels.publishAll(channel, source);
    await vi.waitUntil(() => source.count > 1000, PATIENCE);
    await channels.end(channel);
    await expect(done).resolves.toBeUndefined();
  });

  it.each([['a string'], [1], [Buffer.from('a')], [Promise.resolve([1])], [undefined]])(
    'rejects %s as a source',
    (source) => {
      expect(() => open().publishAll('refused', source as never)).toThrow(
        /^publishAll\(\) publishes the items of an Observable, an iterable or a stream, got /,
      );
    },
  );

  it('stops its sources, and publishes an error, when the channels are closed', async () => {
    const channels = new EventChannels(log.create());
    const channel = channelName();
    const isStopped = deferred();
    const quiet = concat(of(1), NEVER);
    const run = channels.publishAll(
      channel,
      (async function* () {
        try {
          yield* [1];
          await new Promise(() => undefined);
        } finally {
          isStopped.resolve();
        }
      })(),
    );
    const other = channelName();
    const otherRun = channels.publishAll(other, quiet);
    const reader = elsewhere(log, channels);
    const both = [eventsOf(reader, channel), eventsOf(reader, other)];
    await channels.follow(channel, { from: 'start' }).next();
    await channels.follow(other, { from: 'start' }).next();
    await channels.close();
    await Promise.all([run, otherRun]);
    expect(await Promise.all(both)).toEqual([
      [1, ['error', SHUTDOWN]],
      [1, ['error', SHUTDOWN]],
    ]);
    expect(() => channels.publishAll(channel, [1])).toThrow('closed');
  });
});

/** A log whose methods may fail, and whose replies may be lost. */
class FaultyLog implements EventLog {
  readonly log = new MemoryEventLog();
  /** The behaviour of the next calls of `append()`. */
  readonly appends: ('lose the call' | 'lose the reply' | 'fail')[] = [];
  /** Settles before any event is appended. */
  ready = Promise.resolve();
  isReadable = true;

  async append(channel: string, record: LogRecord): Promise<string> {
    await this.ready;
    const fault = this.appends.shift();
    if (fault === 'fail') {
      throw new Error('OOM command not allowed');
    }
    if (fault === 'lose the call') {
      throw new EventLogUnavailableError('lost');
    }
    const id = await this.log.append(channel, record);
    if (fault === 'lose the reply') {
      throw new EventLogUnavailableError('lost');
    }
    return id;
  }

  async read(channel: string, after: string | undefined, length: number): Promise<LogPage> {
    if (!this.isReadable) {
      throw new EventLogUnavailableError('unreadable');
    }
    return this.log.read(channel, after, length);
  }

  follow(channel: string, after: string | undefined, signal: AbortSignal) {
    return this.log.follow(channel, after, signal);
  }

  end(channel: string): Promise<void> {
    return this.log.end(channel);
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

describe('publishAll() on a log with faults', () => {
  const open = () => {
    const log = new FaultyLog();
    const channels = new EventChannels(log);
    onTestFinished(() => channels.close());
    return { log, channels };
  };

  it.each([
    ['the call', 'lose the call'],
    ['the reply', 'lose the reply'],
  ] as const)('publishes each event once if %s is lost', async (_, fault) => {
    const { log, channels } = open();
    log.appends.push(fault, fault);
    await channels.publishAll('run', ['a', 'a', 'a', { b: 1 }]);
    expect(await eventsOf(channels, 'run')).toEqual(['a', 'a', 'a', { b: 1 }]);
  });

  it('stops the source and rejects if the log refuses an event', async () => {
    const { log, channels } = open();
    log.appends.push('fail');
    const source = new Counter();
    await expect(channels.publishAll('run', source)).rejects.toThrow('OOM command not allowed');
    expect(source.isStopped).toBe(true);
  });

  it('reads a pull source only as fast as the log accepts events', async () => {
    const { log, channels } = open();
    const { promise, resolve } = deferred();
    log.ready = promise;
    const source = new Counter();
    const done = channels.publishAll('run', source);
    for (let i = 0; i < 100; i++) {
      await turn();
    }
    expect(source.count).toBeLessThan(20);
    resolve();
    await vi.waitUntil(() => source.count > 100, PATIENCE);
    await channels.end('run');
    await expect(done).resolves.toBeUndefined();
  });

  it('does not keep the shutdown waiting for a log that never answers', async () => {
    const { log, channels } = open();
    log.ready = new Promise(() => undefined);
    const source = new Counter();
    void channels.publishAll('run', source);
    await vi.waitUntil(() => source.count > 0, PATIENCE);
    await channels.close();
    expect(source.isStopped).toBe(true);
  });

  it('does not keep the shutdown waiting for a log that cannot be reached', async () => {
    const { log, channels } = open();
    log.isReadable = false;
    const run = channels.publishAll('run', concat(of('a'), NEVER));
    await channels.close();
    await expect(run).rejects.toThrow(EventLogUnavailableError);
  });
});

describe.runIf(redisProgram)('publishAll() while Redis is down', () => {
  it('continues when Redis is back, with each event once and in order', async () => {
    Logger.overrideLogger(false);
    const server = await RedisServer.start();
    onTestFinished(() => server.remove());
    const channels = new EventChannels(new RedisEventLog({ url: server.url }));
    onTestFinished(() => channels.close());
    const source = new Subject<number>();
    const done = channels.publishAll('run', source);
    const all = eventsOf(channels, 'run');
    for (let i = 0; i < 500; i++) {
      source.next(i);
      if (i === 200) {
        await server.stop('SIGKILL');
        await turn();
      } else if (i === 300) {
        await server.restart();
      }
    }
    source.complete();
    await done;
    expect(await all).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });
});

@Controller('run')
class RunController {
  readonly source = new Subject<string>();

  constructor(private readonly channels: EventChannels) {}

  @Post()
  @HttpCode(202)
  begin(): void {
    void this.channels.publishAll('run', this.source);
  }

  @Get()
  follow(@LastEventId() after?: string) {
    return this.channels.respond('run', { after, from: 'start' });
  }
}

describe.each(platforms.flatMap((platform) => logs.map((log) => ({ platform, log }))))(
  'publishAll() on $platform.name with a $log.name',
  ({ platform, log }) => {
    beforeEach(() => log.setUp());
    afterEach(() => log.tearDown());

    const startRun = async (responses: ResponsesModuleOptions = {}) => {
      const logger = new LogCollector();
      const { app, url } = await start(platform, {
        responses,
        imports: [EventChannelsModule.forRoot({ log: log.create() })],
        controllers: [RunController],
        application: { logger },
      });
      await send(`${url}/run`, { method: 'POST' });
      return { app, url: `${url}/run`, logger, source: app.get(RunController).source };
    };

    it('continues when its client disconnects, and the client resumes', async () => {
      const { url, source } = await startRun();
      const client = await openEventStream(url);
      source.next('a');
      const first = await client.next();
      expect(first?.data).toBe('a');
      client.close();
      source.next('b');
      const again = await openEventStream(url, first?.id);
      expect((await again.next())?.data).toBe('b');
      source.next('c');
      source.complete();
      const last = await again.next();
      expect(last?.data).toBe('c');
      expect(await again.next()).toBeUndefined();
      const over = await send(url, { headers: { 'Last-Event-ID': last?.id } });
      expect(over.status).toBe(204);
    });

    it('delays the shutdown', async () => {
      const { app, url, source, logger } = await startRun();
      const all = eventsOf(elsewhere(log, app.get(EventChannels)), 'run');
      const client = await openEventStream(url);
      source.next('a');
      await client.next();
      const closed = app.close();
      // The streams of clients end at once; those who come back find the run elsewhere.
      expect(await client.next()).toBeUndefined();
      source.next('b');
      source.complete();
      await closed;
      expect(await all).toEqual(['a', 'b']);
      expect(logger.entries).toEqual([]);
    });

    it.each<[ResponsesModuleOptions['errors'], object]>([
      [false, SHUTDOWN],
      [
        'problem',
        {
          type: 'about:blank',
          title: 'Service Unavailable',
          status: 503,
          detail: 'The server is shutting down.',
        },
      ],
    ])(
      'is stopped after shutdownTimeout, and publishes an error: errors %s',
      async (errors, data) => {
        const { app, source, logger } = await startRun({ errors, shutdownTimeout: 50 });
        const all = eventsOf(elsewhere(log, app.get(EventChannels)), 'run');
        source.next('a');
        await app.close();
        expect(source.observed).toBe(false);
        expect(await all).toEqual(['a', ['error', data]]);
        expect(logger.entries).toEqual([
          'warn: Shutdown continues after 50 ms (shutdownTimeout) with 0 open streams and 1 unfinished background tasks. The streams are cut. ResponsesModule',
          'warn: The source of the channel "run" was stopped by the shutdown. EventChannels',
        ]);
      },
    );

    it('logs a source that fails', async () => {
      const { app, source, logger } = await startRun();
      const all = eventsOf(elsewhere(log, app.get(EventChannels)), 'run');
      source.error(new Error('a secret'));
      expect(await all).toEqual([['error', FAILURE]]);
      expect(logger.entries).toEqual([
        expect.stringMatching(/^error: The source of the channel "run" failed\. Error: a secret\n/),
      ]);
    });
  },
);
