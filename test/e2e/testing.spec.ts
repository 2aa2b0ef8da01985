import { BadGatewayException, Controller, Get, Param } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { get, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { concat, Observable, of, throwError } from 'rxjs';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  EmptyResponse,
  JSONResponse,
  NDJSONResponse,
  PlainTextResponse,
  ServerSentEvent,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import {
  CollectError,
  collectEvents,
  collectNDJSON,
  type CollectedEvent,
  type StreamedResponse,
} from '../../src/testing/index.js';
import { deferred } from '../support/deferred.js';
import { platforms, start, type RunningApplication } from '../support/platforms.js';

const SQUARES = [
  { i: 0, square: 0 },
  { i: 1, square: 1 },
  { i: 2, square: 4 },
];

const EVENTS = [
  new ServerSentEvent({ comment: 'heartbeat' }),
  new ServerSentEvent({ retry: 1000 }),
  new ServerSentEvent({ id: 0, event: 'tick', data: { i: 0 } }),
  new ServerSentEvent({ data: 'two\nlines' }),
  new ServerSentEvent({ id: 2, event: 'tick', retry: 2000, data: 'é 🎵' }),
  new ServerSentEvent({ event: 'done' }),
];

const COLLECTED: CollectedEvent[] = [
  { event: 'tick', data: { i: 0 }, id: '0', retry: 1000 },
  { data: 'two\nlines' },
  { event: 'tick', data: 'é 🎵', id: '2', retry: 2000 },
  { event: 'done', data: '' },
];

/** What each path is answered with. */
const responses: Record<string, () => Response> = {
  squares: () => new NDJSONResponse(SQUARES),
  jsonl: () => new NDJSONResponse(SQUARES, { mediaType: 'application/jsonl' }),
  events: () => new ServerSentEventResponse(EVENTS),
  failing: () =>
    new ServerSentEventResponse(
      concat(
        of('one'),
        throwError(() => new BadGatewayException('Not today')),
      ),
    ),
  nothing: () => new ServerSentEventResponse([]),
  json: () => new JSONResponse({ detail: 'No such thing' }, { statusCode: 404 }),
  'events-404': () => new ServerSentEventResponse([], { statusCode: 404 }),
  long: () => new PlainTextResponse('x'.repeat(1000)),
  empty: () => new EmptyResponse(),
};

@Controller()
class StreamsController {
  @Get(':name')
  answer(@Param('name') name: keyof typeof responses): Response | undefined {
    return responses[name]?.();
  }
}

function receive(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, resolve).on('error', reject);
  });
}

type Way = (application: RunningApplication, path: string) => Promise<StreamedResponse>;

/** The ways in which a test gets at a response of an application, also before its end. */
const streamed: [name: string, way: Way][] = [
  ['fetch()', ({ url }, path) => fetch(`${url}/${path}`)],
  ['node:http', ({ url }, path) => receive(`${url}/${path}`)],
];
const streamedByInjection: typeof streamed = [
  [
    'app.inject() with payloadAsStream',
    ({ app }, path) =>
      (app as NestFastifyApplication).inject({ url: `/${path}`, payloadAsStream: true }),
  ],
];
const whole: typeof streamed = [
  ['supertest', async ({ app }, path) => request(app.getHttpServer()).get(`/${path}`)],
];
const wholeByInjection: typeof streamed = [
  ['app.inject()', ({ app }, path) => (app as NestFastifyApplication).inject(`/${path}`)],
];
const withoutServer: typeof streamed = [
  ['no server', (_, path) => Promise.resolve(responses[path]?.() as Response)],
];

/** A source that says `items` and then nothing for ever; it tells when it is stopped. */
function endless(items: unknown[]) {
  const stopped = deferred();
  const source = new Observable((subscriber) => {
    items.forEach((item) => subscriber.next(item));
    return () => stopped.resolve();
  });
  return { source, stopped: stopped.promise };
}

/** Returns the rejection of a promise. */
async function failureOf(promise: Promise<unknown>): Promise<CollectError> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CollectError);
  return failure as CollectError;
}

describe.each(platforms)('A test of an application on $name', (platform) => {
  const open = () => start(platform, { controllers: [StreamsController] });
  const isFastify = platform.name === 'Fastify';
  const received = isFastify ? [...streamed, ...streamedByInjection] : streamed;
  const read = isFastify ? [...whole, ...wholeByInjection] : whole;

  describe.each([...received, ...read, ...withoutServer])(
    'that has a response by %s',
    (_, respond) => {
      it('collects events as a client receives them', async () => {
        const response = await respond(await open(), 'events');
        expect(await collectEvents(response)).toStrictEqual(COLLECTED);
      });

      it('collects the values of lines', async () => {
        const application = await open();
        expect(await collectNDJSON(await respond(application, 'squares'))).toEqual(SQUARES);
        expect(await collectNDJSON(await respond(application, 'jsonl'))).toEqual(SQUARES);
      });

      it('takes no more than "take"', async () => {
        const application = await open();
        expect(await collectEvents(await respond(application, 'events'), { take: 2 })).toEqual(
          COLLECTED.slice(0, 2),
        );
        expect(await collectNDJSON(await respond(application, 'squares'), { take: 5 })).toEqual(
          SQUARES,
        );
      });

      it('collects no event from an empty stream', async () => {
        expect(await collectEvents(await respond(await open(), 'nothing'))).toEqual([]);
      });

      it('collects the event that reports a failure', async () => {
        expect(await collectEvents(await respond(await open(), 'failing'))).toEqual([
          { data: 'one' },
          {
            event: 'error',
            data: { detail: 'Not today', error: 'BadGatewayException', status_code: 502 },
          },
        ]);
      });

      it.each([
        [
          'json',
          'Expected text/event-stream, got application/json with status 404: {"detail":"No such thing"}.',
        ],
        ['squares', 'Expected text/event-stream, got application/x-ndjson with status 200.'],
        ['events-404', 'Expected text/event-stream, got text/event-stream with status 404.'],
        [
          'long',
          `Expected text/event-stream, got text/plain; charset=utf-8 with status 200: ${'x'.repeat(300)}….`,
        ],
      ])('reports what /%s sent instead of events', async (path, message) => {
        const response = await respond(await open(), path);
        expect((await failureOf(collectEvents(response))).message).toBe(message);
      });

      it('reports what was sent instead of lines', async () => {
        const response = await respond(await open(), 'events');
        expect((await failureOf(collectNDJSON(response))).message).toBe(
          'Expected application/x-ndjson, got text/event-stream with status 200.',
        );
      });

      it('reports a response without a body', async () => {
        const response = await respond(await open(), 'empty');
        expect((await failureOf(collectEvents(response))).message).toBe(
          'Expected text/event-stream, got no media type with status 204.',
        );
      });
    },
  );

  describe.each([...received, ...withoutServer])(
    'that has an endless stream by %s',
    (_, respond) => {
      it('takes the first events, and stops the source', async () => {
        const { source, stopped } = endless([1, 2, 3]);
        responses['endless'] = () => new ServerSentEventResponse(source);
        const response = await respond(await open(), 'endless');
        expect(await collectEvents(response, { take: 2 })).toEqual([{ data: 1 }, { data: 2 }]);
        await stopped;
      });

      it('takes the first lines, and stops the source', async () => {
        const { source, stopped } = endless([1, 2, 3]);
        responses['endless'] = () => new NDJSONResponse(source);
        const response = await respond(await open(), 'endless');
        expect(await collectNDJSON(response, { take: 3 })).toEqual([1, 2, 3]);
        await stopped;
      });

      it('rejects when its signal aborts, with the received items, and stops the source', async () => {
        const { source, stopped } = endless([1, 2, 3]);
        responses['endless'] = () => new NDJSONResponse(source);
        const response = await respond(await open(), 'endless');
        const failure = await failureOf(
          collectNDJSON(response, { take: 4, signal: AbortSignal.timeout(200) }),
        );
        expect(failure.message).toBe(
          'The signal was aborted before the end of the stream. ' +
            'The property "received" of this error holds the items before that (3).',
        );
        expect(failure.received).toEqual([1, 2, 3]);
        await stopped;
      });

      it('reports a body that is cut, with the received items', async () => {
        const { source } = endless([1, 2]);
        const fail = deferred();
        const failing = new Observable((subscriber) => {
          source.subscribe(subscriber);
          void fail.promise.then(() => subscriber.error(new Error('No more')));
        });
        responses['endless'] = () => new NDJSONResponse(failing);
        const response = await respond(await open(), 'endless');
        const collected = failureOf(collectNDJSON(response));
        fail.resolve();
        const failure = await collected;
        expect(failure.message).toMatch(/^The body was cut: the connection was closed/);
        expect(failure.received).toEqual([1, 2]);
      });
    },
  );

  describe.each(received)('that has a stream by %s', (_, respond) => {
    it('closes a stream that it did not expect', async () => {
      const { source, stopped } = endless([]);
      responses['endless'] = () => new ServerSentEventResponse(source);
      const response = await respond(await open(), 'endless');
      await expect(collectNDJSON(response)).rejects.toThrow('got text/event-stream');
      await stopped;
    });
  });
});

describe('Collecting', () => {
  it.each([1, 2, 3, 5, 7, 1000])('reads a body in chunks of %i bytes', async (size) => {
    const bytes = Buffer.from(EVENTS.map((event) => event.encode()).join(''));
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    expect(await collectEvents(Readable.from(pieces))).toStrictEqual(COLLECTED);
  });

  it.each(['\n', '\r\n', '\r'])('reads events whose lines end in %j', async (end) => {
    const text = ['event: a', 'data: 1', '', 'data: 2', '', ''].join(end);
    expect(await collectEvents(Readable.from([text]))).toEqual([
      { event: 'a', data: 1 },
      { data: 2 },
    ]);
  });

  it('returns the data of events as text if requested', async () => {
    const response = new ServerSentEventResponse([1, '1', { a: 1 }]);
    const events: CollectedEvent<string>[] = await collectEvents(response, { data: 'text' });
    expect(events.map(({ data }) => data)).toEqual(['1', '1', '{"a":1}']);
  });

  it('skips empty lines, and counts them', async () => {
    expect(await collectNDJSON(Readable.from(['1\n\n2\r\n\r\n3\n']))).toEqual([1, 2, 3]);
    const failure = await failureOf(collectNDJSON(Readable.from(['1\n\n{"a":\n4\n'])));
    expect(failure.message).toBe(
      'Line 3 is not JSON: {"a":. The property "received" of this error holds the items before that (1).',
    );
    expect(failure.received).toEqual([1]);
  });

  it('does not read beyond the items that it takes', async () => {
    expect(await collectNDJSON(Readable.from(['1\nno JSON\n']), { take: 1 })).toEqual([1]);
  });

  it('rejects a line without an end', async () => {
    const failure = await failureOf(collectNDJSON(Readable.from(['1\n2'])));
    expect(failure.message).toContain('The body ends within line 2, without a line feed: 2.');
  });

  it.each(['data: 1\n\ndata: 2', 'data: 1\n\ndata: 2\n', 'data: 1\n\nid'])(
    'rejects an event without an end: %j',
    async (text) => {
      const failure = await failureOf(collectEvents(Readable.from([text])));
      expect(failure.message).toContain('The stream ends within an event');
      expect(failure.received).toEqual([{ data: 1 }]);
    },
  );

  it.each([0, -1, 1.5, NaN])('rejects %d as "take"', async (take) => {
    await expect(collectNDJSON(new NDJSONResponse([]), { take })).rejects.toThrow(RangeError);
  });

  it.each([undefined, null, 'data: 1', {}, Promise.resolve(), { headers: {} }])(
    'rejects %o, which is not a response',
    async (value) => {
      await expect(collectEvents(value as never)).rejects.toThrow(
        /^The items are collected from a response of fetch\(\).*Await a promise first\.$/,
      );
    },
  );

  it('closes a response if the signal was already aborted', async () => {
    const body = new Readable({ read: () => undefined });
    const failure = await failureOf(collectNDJSON(body, { signal: AbortSignal.abort() }));
    expect(failure.received).toEqual([]);
    expect(body.destroyed).toBe(true);
  });
});
