import { Controller, Get, type INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  concat,
  EMPTY,
  finalize,
  interval,
  map,
  of,
  take,
  throwError,
  type Observable,
} from 'rxjs';
import supertest from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import {
  ApiNDJSONResponse,
  FileResponse,
  HTMLResponse,
  JSONResponse,
  NDJSONResponse,
  ServerSentEventResponse,
} from '../../src/index.js';
import { openDescriptors, tellsOpenFiles } from '../support/descriptors.js';
import { folder } from '../support/folder.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { codegenie, h4ad, h4adStreaming, type Invoke } from '../support/serverless.js';

const CONTENT = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
const done: string[] = [];
let file: string;

@Controller()
class EveryController {
  @Get('json')
  json() {
    return new JSONResponse({ a: 1 }, { background: () => done.push('json') });
  }

  @Get('html')
  html() {
    return new HTMLResponse('<p>é</p>');
  }

  @Get('file')
  file() {
    return new FileResponse(file, { background: () => done.push('file') });
  }

  @Get('lines')
  @ApiNDJSONResponse()
  lines(): Observable<object> {
    return of({ i: 1 }, { i: 2 });
  }

  @Get('events')
  events() {
    return new ServerSentEventResponse(interval(5).pipe(take(3)), {
      background: () => done.push('events'),
    });
  }

  @Get('long')
  long() {
    return new NDJSONResponse(Readable.from(Array.from({ length: 5000 }, (_, i) => ({ i }))));
  }

  @Get('none')
  none() {
    return new NDJSONResponse(EMPTY);
  }

  @Get('failing-events')
  failingEvents() {
    return new ServerSentEventResponse(
      concat(
        of(1),
        throwError(() => new Error('no more')),
      ),
    );
  }

  @Get('failing-lines')
  failingLines() {
    return new NDJSONResponse(
      interval(5).pipe(
        map((i) => {
          if (i === 2) {
            throw new Error('no more');
          }
          return i;
        }),
      ),
    );
  }
}

const inject =
  (app: INestApplication): Invoke =>
  async (path, headers = {}) => {
    const {
      statusCode,
      headers: sent,
      rawPayload,
    } = await (app as NestFastifyApplication).inject({
      url: path,
      headers,
    });
    return { status: statusCode, headers: sent, body: rawPayload };
  };

const bySupertest =
  (app: INestApplication): Invoke =>
  async (path, headers = {}) => {
    const answer = await supertest(app.getHttpServer())
      .get(path)
      .set(headers)
      .buffer()
      .parse((response, callback) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => callback(null, Buffer.concat(chunks)));
        response.on('error', (error) => callback(error, undefined));
      });
    return { status: answer.status, headers: answer.headers, body: answer.body as Buffer };
  };

type Caller = readonly [name: string, make: (app: INestApplication, platform: Platform) => Invoke];

const everywhere: readonly Caller[] = [
  ['supertest', bySupertest],
  ['@h4ad/serverless-adapter', h4ad],
  ['@h4ad/serverless-adapter, streaming', h4adStreaming],
];
const callers: Readonly<Record<Platform['name'], readonly Caller[]>> = {
  Express: [...everywhere, ['@codegenie/serverless-express', codegenie]],
  Fastify: [...everywhere, ['app.inject()', inject]],
};

describe.each(platforms)('An application on $name', (platform) => {
  describe.each(callers[platform.name])('called by %s', (_, make) => {
    const open = async () => {
      file = join(await folder({ 'file.bin': CONTENT }), 'file.bin');
      done.length = 0;
      const { app } = await start(platform, { controllers: [EveryController] });
      return make(app, platform);
    };

    it.each([
      ['/json', 'application/json', '{"a":1}'],
      ['/html', 'text/html; charset=utf-8', '<p>é</p>'],
      ['/lines', 'application/x-ndjson', '{"i":1}\n{"i":2}\n'],
      ['/events', 'text/event-stream', 'data: 0\n\ndata: 1\n\ndata: 2\n\n'],
      ['/none', 'application/x-ndjson', ''],
      [
        '/failing-events',
        'text/event-stream',
        'data: 1\n\nevent: error\ndata: {"detail":"Internal Server Error","error":null,"status_code":500}\n\n',
      ],
    ])('answers %s by %s', async (path, contentType, body) => {
      const answer = await (await open())(path);
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.headers['content-type']).toBe(contentType);
      expect(answer.body.toString()).toBe(body);
    });

    it('answers a long stream whole', async () => {
      const { body } = await (await open())('/long');
      const lines = Array.from({ length: 5000 }, (_unused, i) => `{"i":${i}}\n`);
      expect(body.toString()).toBe(lines.join(''));
    });

    it('answers a file, and a range of it, and closes it', async () => {
      const invoke = await open();
      const whole = await invoke('/file');
      expect(whole.status).toBe(200);
      expect(whole.body.equals(CONTENT)).toBe(true);
      const part = await invoke('/file', { range: 'bytes=100000-150009' });
      expect(part.status).toBe(206);
      expect(part.headers['content-range']).toBe('bytes 100000-150009/200000');
      expect(part.body.equals(CONTENT.subarray(100_000, 150_010))).toBe(true);
      await vi.waitFor(async () =>
        expect(tellsOpenFiles ? await openDescriptors(file) : 0).toBe(0),
      );
    });

    it.each(['json', 'file', 'events'])('runs the background task of /%s', async (path) => {
      await (
        await open()
      )(`/${path}`);
      await vi.waitFor(() => expect(done).toEqual([path]));
    });

    it('fails for a stream of lines that fails', async () => {
      const invoke = await open();
      const outcome = await invoke('/failing-lines').then(
        ({ status }) => status,
        (error: unknown) => error,
      );
      expect(outcome === 500 || outcome instanceof Error).toBe(true);
    });
  });
});

describe('app.inject()', () => {
  const Fastify = platforms.find(({ name }) => name === 'Fastify') as Platform;

  it('stops the source of a stream whose client disconnects', async () => {
    let isStopped = false;
    @Controller()
    class EndlessController {
      @Get()
      endless() {
        return new ServerSentEventResponse(
          interval(1).pipe(
            finalize(() => {
              isStopped = true;
            }),
          ),
        );
      }
    }
    const { app } = await start(Fastify, { controllers: [EndlessController] });
    const client = new AbortController();
    const answer = await (app as NestFastifyApplication).inject({
      url: '/',
      payloadAsStream: true,
      signal: client.signal,
    });
    const stream = answer.stream();
    await once(stream, 'data');
    client.abort();
    await vi.waitFor(() => expect(isStopped).toBe(true));
    await expect(stream.toArray()).rejects.toThrow('aborted');
  });

  it('rejects for a response whose source fails after its head', async () => {
    const { app } = await start(Fastify, { controllers: [EveryController] });
    const answer = (app as NestFastifyApplication).inject('/failing-lines');
    await expect(answer).rejects.toThrow('The response was cut before its end.');
  });
});
