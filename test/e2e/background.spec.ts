import {
  Catch,
  Controller,
  Get,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { concat, finalize, NEVER, of, throwError } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  EmptyResponse,
  FileResponse,
  JSONArrayResponse,
  JSONResponse,
  NDJSONResponse,
  PlainTextResponse,
  ServerSentEventResponse,
  StreamingResponse,
  type Response,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { send } from '../support/send.js';
import { turn, until } from '../support/turn.js';

let done: string[];
let finish: () => void;
/** Lets the slow handler answer. */
let answer: () => void;
/** Called when the source of the quiet stream is stopped. */
let stopped: () => void;
beforeEach(() => {
  stopped = () => undefined;
  done = [];
  finish = () => undefined;
  answer = () => undefined;
});

const task = (name: string) => () => {
  done.push(name);
};

/** Goes on until the test finishes it. */
function long(): Promise<void> {
  done.push('begun');
  return new Promise((resolve) => {
    finish = () => {
      done.push('finished');
      resolve();
    };
  });
}

const failing = concat(
  of('first'),
  throwError(() => new Error('failed')),
);

/** Ends properly if its source fails. */
class ReportingResponse extends StreamingResponse<string> {
  encode(item: string): string {
    return item;
  }

  protected override frame() {
    return { encodeFailure: () => 'failed' };
  }
}

@Catch()
class BackgroundFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(_error: unknown, host: ArgumentsHost): void {
    const response = new JSONResponse({}, { statusCode: 418, background: task('filter') });
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), response, 418);
  }
}

@Controller('tasks')
class BackgroundController {
  @Get('ordered')
  ordered(): Response {
    const background = [
      async () => {
        await turn();
        done.push('one');
      },
      task('two'),
      task('three'),
    ];
    return new JSONResponse({}, { background });
  }

  @Get('stream')
  stream(): Response {
    return new NDJSONResponse([1, 2], { background: task('stream') });
  }

  @Get('empty')
  empty(): Response {
    return new EmptyResponse({ background: task('empty') });
  }

  @Get('failing/:id')
  failing(): Response {
    const background = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      task('last'),
    ];
    return new JSONResponse({}, { background });
  }

  @Get('broken')
  broken(): Response {
    return new JSONResponse(1n, { background: task('broken') });
  }

  @Get('filter')
  @UseFilters(BackgroundFilter)
  filter(): Response {
    throw new Error('failed');
  }

  @Get('quiet')
  quiet(): Response {
    const items = concat(of('first'), NEVER).pipe(finalize(() => stopped()));
    return new NDJSONResponse(items, { background: task('quiet') });
  }

  @Get('large')
  large(): Response {
    return new PlainTextResponse('x'.repeat(64 * 1024 * 1024), { background: task('large') });
  }

  @Get('cut')
  cut(): Response {
    return new NDJSONResponse([1, 1n], { background: task('cut') });
  }

  @Get('failing-events')
  failingEvents(): Response {
    return new ServerSentEventResponse(failing, { background: task('events') });
  }

  @Get('failing-items')
  failingItems(): Response {
    return new ServerSentEventResponse([1, 1n], { background: task('items') });
  }

  @Get('failing-lines')
  failingLines(): Response {
    return new NDJSONResponse(failing, { background: task('lines') });
  }

  @Get('failing-array')
  failingArray(): Response {
    return new JSONArrayResponse(failing, { background: task('array') });
  }

  @Get('failing-class')
  failingClass(): Response {
    return new ReportingResponse(failing, { background: task('class') });
  }

  @Get('failing-file')
  failingFile(): Response {
    const bytes = async function* () {
      yield Buffer.from('first');
      await turn();
      throw new Error('failed');
    };
    const slice = () => ({ stream: () => ReadableStream.from(bytes()) });
    return new FileResponse({ size: 10, slice }, { background: task('file') });
  }

  @Get('long')
  long(): Response {
    return new JSONResponse({}, { background: long });
  }

  @Get('slow')
  async slow(): Promise<Response> {
    done.push('called');
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return new JSONResponse({}, { background: long });
  }
}

async function startTasks(
  platform: Platform,
  shutdownTimeout?: number,
  forceCloseConnections = true,
) {
  const logger = new LogCollector();
  const started = await start(platform, {
    controllers: [BackgroundController],
    responses: shutdownTimeout === undefined ? {} : { shutdownTimeout },
    application: { logger, forceCloseConnections },
  });
  return { ...started, logger };
}

/** An application that is being closed, and answers a last request: its server is closed, its background task begun. */
async function startClosing(platform: Platform, shutdownTimeout?: number) {
  const { app, port, logger } = await startTasks(platform, shutdownTimeout, false);
  const client = await RawClient.connect(port);
  client.request('GET /tasks/slow HTTP/1.1', 'Connection: close');
  await until(() => done.length === 1);
  const server = app.getHttpServer() as Server;
  const closed = app.close().then(() => done.push('closed'));
  await until(() => !server.listening);
  answer();
  await once(server, 'close');
  await until(() => done.length === 2);
  return { closed, logger };
}

describe.each(platforms)('background tasks on $name', (platform) => {
  it.each([
    ['GET', 'ordered', ['one', 'two', 'three']],
    ['HEAD', 'ordered', ['one', 'two', 'three']],
    ['GET', 'stream', ['stream']],
    ['HEAD', 'stream', ['stream']],
    ['GET', 'empty', ['empty']],
    ['HEAD', 'empty', ['empty']],
    ['GET', 'filter', ['filter']],
  ])('run once the body has been sent, in order: %s /%s', async (method, path, tasks) => {
    const { url } = await startTasks(platform);
    const answer = await send(`${url}/tasks/${path}`, { method });
    expect(answer.isComplete).toBe(true);
    await until(() => done.length === tasks.length);
    expect(done).toEqual(tasks);
  });

  it('that fail are logged with their route, and do not stop others', async () => {
    const { url, logger } = await startTasks(platform);
    expect(await send(`${url}/tasks/failing/7?a=b`)).toMatchObject({ status: 200 });
    await until(() => done.length === 1);
    expect(done).toEqual(['last']);
    expect(logger.entries).toEqual([
      expect.stringMatching(
        /GET \/tasks\/failing\/:id: a background task failed.[^]*Error: thrown/,
      ),
      expect.stringMatching(
        /GET \/tasks\/failing\/:id: a background task failed.[^]*Error: rejected/,
      ),
    ]);
  });

  it('are not run if the response failed', async () => {
    const { url, app } = await startTasks(platform);
    expect(await send(`${url}/tasks/broken`)).toMatchObject({ status: 500 });
    await app.close();
    expect(done).toEqual([]);
  });

  it('are not run if the stream was cut', async () => {
    const { url, app } = await startTasks(platform);
    expect(await send(`${url}/tasks/cut`)).toMatchObject({ isComplete: false });
    await app.close();
    expect(done).toEqual([]);
  });

  it.each([
    ['failing-events', true],
    ['failing-items', true],
    ['failing-class', true],
    ['failing-lines', false],
    ['failing-array', false],
    ['failing-file', false],
  ])('are not run if the source failed: /%s', async (path, isComplete) => {
    const { url, app } = await startTasks(platform);
    expect(await send(`${url}/tasks/${path}`)).toMatchObject({ status: 200, isComplete });
    await app.close();
    expect(done).toEqual([]);
  });

  it('are not run if the shutdown stopped the source', async () => {
    const { port, app } = await startTasks(platform);
    const client = await RawClient.connect(port);
    client.request('GET /tasks/quiet HTTP/1.1');
    await client.receive('first');
    await app.close();
    expect(done).toEqual([]);
  });

  it('are not run if the client has left a stream', async () => {
    const { port, app } = await startTasks(platform);
    const client = await RawClient.connect(port);
    client.request('GET /tasks/quiet HTTP/1.1');
    await client.receive('first');
    const whenStopped = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    client.leave();
    await whenStopped;
    await app.close();
    expect(done).toEqual([]);
  });

  it('are not run if the client disconnects before it has read the whole body', async () => {
    const { port, app } = await startTasks(platform);
    const client = await RawClient.connect(port);
    client.request('GET /tasks/large HTTP/1.1');
    await client.receive('xxx');
    client.leave();
    await app.close();
    expect(done).toEqual([]);
  });

  it('are not run if the connection is closed while a body is sent', async () => {
    const { port, app } = await startTasks(platform);
    const client = await RawClient.connect(port);
    client.request('GET /tasks/large HTTP/1.1');
    await client.receive('xxx');
    client.socket.pause();
    await app.close();
    await turn();
    expect(done).toEqual([]);
  });

  it('delay the shutdown', async () => {
    const { url, app, logger } = await startTasks(platform);
    await send(`${url}/tasks/long`);
    await until(() => done.length === 1);
    const closed = app.close().then(() => done.push('closed'));
    await turn();
    finish();
    await closed;
    expect(done).toEqual(['begun', 'finished', 'closed']);
    expect(logger.entries).toEqual([]);
  });

  it('of a request in progress delay the shutdown', async () => {
    const { closed, logger } = await startClosing(platform);
    await turn();
    finish();
    await closed;
    expect(done).toEqual(['called', 'begun', 'finished', 'closed']);
    expect(logger.entries).toEqual([]);
  });

  it('of a request in progress delay the shutdown no longer than the shutdown timeout', async () => {
    const { closed, logger } = await startClosing(platform, 1);
    await closed;
    expect(done).toEqual(['called', 'begun', 'closed']);
    expect(logger.entries).toEqual([
      expect.stringContaining(
        'Shutdown continues after 1 ms (shutdownTimeout) with 0 open streams and 1',
      ),
    ]);
  });

  it('delay the shutdown no longer than the shutdown timeout', async () => {
    const { url, app, logger } = await startTasks(platform, 10);
    await send(`${url}/tasks/long`);
    await until(() => done.length === 1);
    await app.close();
    expect(done).toEqual(['begun']);
    expect(logger.entries).toEqual([
      expect.stringContaining(
        'Shutdown continues after 10 ms (shutdownTimeout) with 0 open streams and 1',
      ),
    ]);
  });
});

describe.each(platforms.filter(({ name }) => name === 'Express'))('on $name alone', (platform) => {
  it('background tasks run if Express turns a body into a 304', async () => {
    const { url } = await startTasks(platform);
    const { etag } = (await send(`${url}/tasks/ordered`)).headers;
    await until(() => done.length === 3);
    const headers = { 'If-None-Match': etag };
    expect(await send(`${url}/tasks/ordered`, { headers })).toMatchObject({ status: 304 });
    await until(() => done.length === 6);
    expect(done.slice(3)).toEqual(['one', 'two', 'three']);
  });
});

describe('background tasks over HTTP/2', () => {
  const fastify = platforms.find(({ name }) => name === 'Fastify') as Platform;

  async function open(path: string, method = 'GET') {
    const { url, app } = await start(fastify, {
      controllers: [BackgroundController],
      adapter: new FastifyAdapter({ http2: true }) as unknown as FastifyAdapter,
    });
    const session = connectHttp2(url);
    const stream = session.request({ ':path': path, ':method': method });
    await once(stream, 'response');
    return { app, session, stream };
  }

  it.each([
    ['GET', 'ordered'],
    ['HEAD', 'ordered'],
    ['GET', 'stream'],
    ['HEAD', 'stream'],
    ['GET', 'empty'],
  ])('run once the body has been sent: %s /%s', async (method, path) => {
    const { session, stream } = await open(`/tasks/${path}`, method);
    stream.resume();
    await until(() => done.length >= (path === 'ordered' ? 3 : 1));
    expect(done).toEqual(path === 'ordered' ? ['one', 'two', 'three'] : [path]);
    session.close();
  });

  it.each(['quiet', 'large'])('are not run if the client has left: /%s', async (path) => {
    const { app, session, stream } = await open(`/tasks/${path}`);
    await once(stream, 'data');
    stream.pause().close(constants.NGHTTP2_CANCEL);
    await once(stream, 'close');
    // Answered on the same connection, so that the server has read what was sent on it before.
    const later = session.request({ ':path': '/none' }).resume();
    await once(later, 'end');
    session.close();
    await app.close();
    expect(done).toEqual([]);
  });

  it('are not run if the stream was cut', async () => {
    const { app, session, stream } = await open('/tasks/cut');
    stream.on('error', () => undefined).resume();
    await new Promise((resolve) => stream.once('close', resolve));
    session.close();
    await app.close();
    expect(done).toEqual([]);
  });
});
