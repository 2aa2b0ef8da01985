import { BadRequestException, HttpException, Logger, UnauthorizedException } from '@nestjs/common';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ReadableStream } from 'node:stream/web';
import fc from 'fast-check';
import { concat, NEVER, of, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogCollector } from '../../../test/support/log-collector.js';
import { ServerSentEvent } from '../../../libs/event-stream/index.js';
import type { StreamContent } from '../../../libs/streams/index.js';
import { NDJSONResponse } from './ndjson-response.js';
import { ServerSentEventResponse } from './server-sent-event-response.js';
import { StreamingResponse } from './streaming-response.js';

let logs: readonly string[];
beforeEach(() => {
  const collector = new LogCollector();
  logs = collector.entries;
  Logger.overrideLogger(collector);
});
afterEach(() => {
  Logger.overrideLogger(['log', 'warn', 'error']);
  vi.useRealTimers();
});

class TextResponse extends StreamingResponse<string> {
  encode(item: string): string {
    return item;
  }
}

/** Cuts bytes into pieces of the given size. */
function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

describe('NDJSONResponse', () => {
  it.each<[what: string, content: StreamContent<unknown>, body: string]>([
    ['objects', [{ i: 1 }, { i: 2 }], '{"i":1}\n{"i":2}\n'],
    ['strings', ['a', 'b\nc'], '"a"\n"b\\nc"\n'],
    ['null and undefined', [null, undefined], 'null\nnull\n'],
    ['a Readable of objects', Readable.from([{ i: 1 }, 'a', 2]), '{"i":1}\n"a"\n2\n'],
    ['a Readable of bytes', Readable.from([Buffer.from('é'), Buffer.from('b')]), '"é"\n"b"\n'],
    ['no item', [], ''],
  ])('sends %s as one line each', async (_what, content, body) => {
    expect(await text(new NDJSONResponse(content).getStream())).toBe(body);
  });

  it.each<[what: string, item: unknown]>([
    ['a BigInt', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
  ])('fails on %s instead of breaking a line', async (_what, item) => {
    const stream = new NDJSONResponse([1, item, 2]).getStream();
    let body = '';
    stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
    await new Promise((resolve) => stream.once('close', resolve));
    expect(body).toBe('1\n');
    expect(stream.readableEnded).toBe(false);
    expect(logs).toHaveLength(1);
  });
});

describe('ServerSentEventResponse', () => {
  it.each<[what: string, content: StreamContent<unknown>, body: string]>([
    ['a string as data', ['a\nb'], 'data: a\ndata: b\n\n'],
    ['an object as JSON', [{ i: 1 }], 'data: {"i":1}\n\n'],
    ['an event as it is', [new ServerSentEvent({ id: 1, data: 'a' })], 'id: 1\ndata: a\n\n'],
    ['null and undefined as null', [null, undefined], 'data: null\n\ndata: null\n\n'],
    ['bytes as their text', Readable.from([Buffer.from('é')]), 'data: é\n\n'],
    ['a MessageEvent as JSON, as anything else', [{ data: 'a' }], 'data: {"data":"a"}\n\n'],
  ])('sends %s', async (_what, content, body) => {
    expect(await text(new ServerSentEventResponse(content).getStream())).toBe(body);
  });

  it('starts with its retry', async () => {
    const response = new ServerSentEventResponse(['a'], { retry: 100 });
    expect(await text(response.getStream())).toBe('retry: 100\n\ndata: a\n\n');
  });

  it.each<[what: string, error: unknown, data: string]>([
    [
      'an HttpException with its details',
      new BadRequestException('no such puppy'),
      '{"detail":"no such puppy","error":"BadRequestException","status_code":400}',
    ],
    [
      'the messages of a ValidationPipe',
      new BadRequestException(['a', 'b']),
      '{"detail":["a","b"],"error":"BadRequestException","status_code":400}',
    ],
    [
      'nothing of another error',
      new Error('password is 1234'),
      '{"detail":"Internal Server Error","error":null,"status_code":500}',
    ],
    [
      'nothing of an error within an HttpException',
      new UnauthorizedException(new Error('password is 1234')),
      '{"detail":"Unauthorized","error":"UnauthorizedException","status_code":401}',
    ],
    [
      'nothing of what is no error',
      'password is 1234',
      '{"detail":"Internal Server Error","error":null,"status_code":500}',
    ],
  ])('reports %s to the client, and ends properly', async (_what, error, data) => {
    const response = new ServerSentEventResponse(
      concat(
        of('a'),
        throwError(() => error),
      ),
    );
    expect(await text(response.getStream())).toBe(`data: a\n\nevent: error\ndata: ${data}\n\n`);
    expect(logs).toEqual([
      expect.stringContaining('error: a route: the source of a ServerSentEventResponse failed.'),
    ]);
  });

  it('is cut if the failure cannot be encoded', async () => {
    const response = new ServerSentEventResponse(
      throwError(() => new HttpException({ message: { id: 1n } }, 400)),
    );
    const stream = response.getStream().resume();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.readableEnded).toBe(false);
    expect(logs.length).toBeGreaterThan(0);
  });

  it.each([0, -1, NaN])('rejects a heartbeat of %d', (heartbeat) => {
    expect(() => new ServerSentEventResponse([], { heartbeat })).toThrow(TypeError);
  });

  it.each([-1, 0.5, NaN])('rejects a retry of %d', (retry) => {
    expect(() => new ServerSentEventResponse([], { retry })).toThrow(TypeError);
  });

  it('sends a heartbeat while the source is quiet', async () => {
    const stream = new ServerSentEventResponse(NEVER, { heartbeat: 1 }).getStream();
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    expect(chunk.toString()).toBe(': heartbeat\n\n');
    stream.destroy();
  });
});

describe('a stream of bytes', () => {
  const response = {
    NDJSON: (content: Readable) => new NDJSONResponse(content),
    events: (content: Readable) => new ServerSentEventResponse(content),
  };
  const textIn = {
    NDJSON: (body: string) =>
      body
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as string)
        .join(''),
    events: (body: string) => body.replaceAll(/^data: |\n\n/gm, ''),
  };

  it.each(['NDJSON', 'events'] as const)(
    'decodes characters that are split between chunks: %s',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom('a', 'é', '€', '𝄞'), { minLength: 1 }),
          fc.integer({ min: 1, max: 5 }),
          async (characters, size) => {
            const sent = characters.join('');
            const content = Readable.from(pieces(Buffer.from(sent), size));
            expect(textIn[kind](await text(response[kind](content).getStream()))).toBe(sent);
          },
        ),
        { numRuns: 50 },
      );
    },
  );

  it('that ends within a character sends a replacement character', async () => {
    const content = Readable.from([Buffer.from('a€').subarray(0, 3)]);
    expect(await text(new NDJSONResponse(content).getStream())).toBe('"a"\n"\uFFFD"\n');
  });

  it('that ends within a character is cut if its class cannot encode the rest', async () => {
    class BytesOnly extends StreamingResponse<Uint8Array> {
      encode(item: Uint8Array): string {
        if (typeof item === 'string') {
          throw new TypeError('expected bytes');
        }
        return this.decode(item);
      }
    }
    const stream = new BytesOnly([Buffer.from('€').subarray(0, 2)]).getStream().resume();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.readableEnded).toBe(false);
  });
});

describe('a custom class', () => {
  it('encodes items as text or bytes', async () => {
    class Bytes extends StreamingResponse<string> {
      override readonly mediaType = 'application/x-bytes';
      encode(item: string): Uint8Array {
        return Buffer.from(item);
      }
    }
    const response = new Bytes(of('a', 'b'));
    expect(response.getHeaders().type).toBe('application/x-bytes');
    expect(await text(response.getStream())).toBe('ab');
  });
});

describe('the content', () => {
  it.each<[what: string, content: unknown]>([
    ['string', 'text'],
    ['object', { i: 1 }],
    ['object', Buffer.from('text')],
    ['object', Promise.resolve([])],
    ['undefined', undefined],
  ])('cannot be a(n) %s', (what, content) => {
    const make = () => new NDJSONResponse(content as StreamContent<unknown>);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`got ${what}`);
  });
});

describe('the stream for a platform that does not know this package', () => {
  it('starts nothing until it is read, and is the same each time', async () => {
    let starts = 0;
    const response = new TextResponse(
      (function* () {
        starts += 1;
        yield 'a';
      })(),
    );
    const stream = response.getStream();
    expect(response.getStream()).toBe(stream);
    expect(starts).toBe(0);
    expect(await text(stream)).toBe('a');
    expect(starts).toBe(1);
  });

  it('releases a source that was never read', async () => {
    const content = Readable.from(['a']);
    new TextResponse(content).getStream().destroy();
    expect(content.destroyed).toBe(true);
  });

  it('leaves no timer behind when it is destroyed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const content = new ReadableStream({ start: (controller) => controller.enqueue('a') });
    const stream = new ServerSentEventResponse(content).getStream();
    await once(stream, 'data');
    expect(vi.getTimerCount()).toBe(1);
    stream.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });
});
