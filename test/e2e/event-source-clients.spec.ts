import { fetchEventSource } from '@microsoft/fetch-event-source';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { EventSource } from 'eventsource';
import type { Server } from 'node:http';
import { concat, defer, finalize, from, Subject } from 'rxjs';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  EmptyResponse,
  LastEventId,
  ServerSentEvent,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import { deferred, type Deferred } from '../support/deferred.js';
import { platforms, start } from '../support/platforms.js';
import { Reports } from '../support/reports.js';

interface Received {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** A client that follows an event stream, across reconnects. */
interface Follower {
  /** Settles once the stream is open for the first time. */
  readonly opened: Promise<void>;
  readonly events: Reports<Received>;
  /** Settles once the client has given up, with the status that made it do so. */
  readonly stopped: Promise<number | undefined>;
  /** Leaves. */
  readonly close: () => void;
}

const NAMES = ['message', 'tick', 'café'];

/** The package `eventsource`: the interface of browsers, for Node. */
function followByEventSource(url: string): Follower {
  const opened = deferred();
  const stopped = deferred<number | undefined>();
  const events = new Reports<Received>();
  const source = new EventSource(url);
  source.addEventListener('open', () => opened.resolve());
  source.addEventListener('error', ({ code }) => {
    if (source.readyState === EventSource.CLOSED) {
      stopped.resolve(code);
    }
  });
  for (const name of NAMES) {
    source.addEventListener(name, ({ type, data, lastEventId }) =>
      events.add({ event: type, data: data as string, id: lastEventId }),
    );
  }
  return {
    opened: opened.promise,
    events,
    stopped: stopped.promise,
    close: () => source.close(),
  };
}

/** The package `@microsoft/fetch-event-source`, made for browsers: under Node, with a window and a visible document. */
function followByFetch(url: string): Follower {
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  onTestFinished(() => void vi.unstubAllGlobals());
  const opened = deferred();
  const stopped = deferred<number | undefined>();
  const events = new Reports<Received>();
  const controller = new AbortController();
  let status: number | undefined;
  const isOver = () => status !== 200;
  void fetchEventSource(url, {
    signal: controller.signal,
    onopen: async (response) => {
      status = response.status;
      if (isOver()) {
        throw new Error('There is no stream any more.');
      }
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      opened.resolve();
    },
    onmessage: ({ event, data, id }) => {
      // It also reports events with only an id or a retry time.
      if (data !== '' || event !== '') {
        events.add({ event: event || 'message', data, id });
      }
    },
    // By default, it treats a stream that has ended as complete.
    onclose: () => {
      throw new Error('The stream goes on elsewhere.');
    },
    onerror: (error) => {
      if (isOver()) {
        throw error;
      }
    },
  }).catch(() => stopped.resolve(status));
  return {
    opened: opened.promise,
    events,
    stopped: stopped.promise,
    close: () => controller.abort(),
  };
}

const clients = [
  { client: 'eventsource', follow: followByEventSource },
  { client: '@microsoft/fetch-event-source', follow: followByFetch },
] as const;

/** The events that have been published so far. */
let published: ServerSentEvent[];
let live: Subject<ServerSentEvent>;
/** Settles once the events are no longer wanted. */
let released: Deferred<void>;
/** How often the stream was asked for. */
let requests: number;
beforeEach(() => {
  published = [];
  live = new Subject();
  released = deferred();
  requests = 0;
});

function publish(...events: ServerSentEvent[]): void {
  for (const event of events) {
    published.push(event);
    live.next(event);
  }
}

const tick = (i: number) => new ServerSentEvent({ id: i, event: 'tick', data: i });

@Controller('events')
class EventsController {
  @Get()
  events(@LastEventId() last?: string): Response {
    requests += 1;
    const seen = published.findIndex(({ id }) => id === last) + 1;
    if (seen > 0 && live.closed) {
      return new EmptyResponse();
    }
    return new ServerSentEventResponse(
      defer(() => concat(from(published.slice(seen)), live)).pipe(
        finalize(() => released.resolve()),
      ),
      { retry: 5 },
    );
  }
}

describe.each(platforms)('A stream of events from $name', (platform) => {
  describe.each(clients)('to $client', ({ follow }) => {
    const startServer = async (port?: number) =>
      start(platform, { controllers: [EventsController], ...(port !== undefined && { port }) });

    const open = async () => {
      const server = await startServer();
      const follower = follow(`${server.url}/events`);
      onTestFinished(() => follower.close());
      await follower.opened;
      return { ...follower, ...server };
    };

    it('is open before its first event', async () => {
      const { events } = await open();
      expect(events.all).toEqual([]);
    });

    it('delivers each event under its name, as soon as it is produced', async () => {
      const { events } = await open();
      publish(new ServerSentEvent({ id: 1, event: 'tick', data: { i: 1 } }));
      await events.count(1);
      publish(new ServerSentEvent({ id: '№ 2', event: 'café', data: 'Zoë\n\n  🐶\r\nlast ' }));
      await events.count(2);
      publish(new ServerSentEvent({ data: 'a' }), new ServerSentEvent({ comment: 'heartbeat' }));
      publish(new ServerSentEvent({ event: 'tick', data: '{}' }));
      await events.count(4);
      expect(events.all.map(({ event, data }) => [event, data])).toEqual([
        ['tick', '{"i":1}'],
        ['café', 'Zoë\n\n  🐶\nlast '],
        ['message', 'a'],
        ['tick', '{}'],
      ]);
      expect(events.all.slice(0, 2).map(({ id }) => id)).toEqual(['1', '№ 2']);
    });

    const interruptions: readonly [
      what: string,
      interrupt: (app: INestApplication<Server>, port: number) => Promise<unknown>,
    ][] = [
      [
        'was restarted',
        async (app, port) => {
          await app.close();
          publish(tick(4), tick(5));
          await startServer(port);
        },
      ],
      [
        'has cut its connection',
        async (app) => {
          app.getHttpServer().closeAllConnections();
          publish(tick(4), tick(5));
        },
      ],
    ];

    it.each(interruptions)(
      'resumes without lost or duplicate events if the server %s',
      async (_, interrupt) => {
        const { events, app, port } = await open();
        publish(tick(1), tick(2), tick(3));
        await events.count(3);
        await interrupt(app, port);
        await events.count(5);
        publish(tick(6));
        await events.count(6);
        expect(events.all).toEqual(
          [1, 2, 3, 4, 5, 6].map((i) => ({ event: 'tick', data: `${i}`, id: `${i}` })),
        );
        // A request may have failed while the server was closing.
        expect(requests).toBeGreaterThanOrEqual(2);
      },
    );

    it('is not requested again after a 204', async () => {
      const { events, stopped } = await open();
      publish(tick(1), tick(2));
      await events.count(2);
      const ending = live;
      live = new Subject();
      live.unsubscribe();
      ending.complete();
      expect(await stopped).toBe(204);
      expect(events.all).toHaveLength(2);
      expect(requests).toBe(2);
    });

    it('stops its source when the client leaves', async () => {
      const { close } = await open();
      close();
      await released.promise;
      expect(requests).toBe(1);
    });
  });
});
