import {
  Catch,
  Controller,
  Get,
  HttpException,
  NotFoundException,
  Post,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplication,
} from '@nestjs/common';
import { AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';
import { ApiProduces } from '@nestjs/swagger';
import { setImmediate as turn } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ApiNDJSONResponse,
  BufferedResponse,
  HTMLResponse,
  JSONResponse,
  NDJSONResponse,
  type Response,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { send } from '../support/send.js';

type Reply = (adapter: AbstractHttpAdapter, target: unknown, make: () => Response) => unknown;

/** A filter for everything, as an application writes one. */
function filterOf(app: INestApplication, reply: Reply, make: () => Response): ExceptionFilter {
  @Catch()
  class EverythingFilter implements ExceptionFilter {
    catch(_exception: unknown, host: ArgumentsHost): unknown {
      const { httpAdapter } = app.get(HttpAdapterHost);
      return reply(httpAdapter, host.switchToHttp().getResponse(), make);
    }
  }
  return new EverythingFilter();
}

const REPLIES: readonly [string, Reply][] = [
  ['replies', (adapter, target, make) => void adapter.reply(target, make())],
  ['replies with a status', (adapter, target, make) => void adapter.reply(target, make(), 503)],
  ['returns the promise of its reply', (adapter, target, make) => adapter.reply(target, make())],
  [
    'is async',
    async (adapter, target, make) => {
      await turn();
      await adapter.reply(target, make());
    },
  ],
];

@Controller()
class FailingController {
  @Get('unmapped')
  unmapped() {
    throw new NotFoundException();
  }

  @Get('lines')
  @ApiNDJSONResponse()
  lines(): unknown[] {
    throw new Error('unexpected');
  }

  @Get('page')
  @ApiProduces('text/html')
  page() {
    throw new Error('unexpected');
  }

  @Post('body')
  body() {}
}

class BrokenResponse extends BufferedResponse<undefined> {
  constructor(private readonly failure: 'sync' | 'async') {
    super(undefined);
  }

  render(): Promise<string> {
    const error = new Error('cannot be rendered');
    if (this.failure === 'sync') {
      throw error;
    }
    return Promise.reject(error);
  }
}

/** The unhandled rejections during a test. */
function unhandledRejections(): unknown[] {
  const rejections: unknown[] = [];
  const listener = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => void process.off('unhandledRejection', listener));
  return rejections;
}

async function startFiltered(platform: Platform, reply: Reply, make: () => Response) {
  const logger = new LogCollector();
  const running = await start(platform, {
    controllers: [FailingController],
    application: { logger },
    configure: (app) => {
      app.use('/middleware', () => {
        throw new Error('of a middleware');
      });
      app.useGlobalFilters(filterOf(app, reply, make));
    },
  });
  return { ...running, logger };
}

const FAILURES: readonly [string, { method?: string; body?: string; type?: string }][] = [
  ['unmapped', {}],
  ['lines', {}],
  ['page', {}],
  ['unknown', {}],
  ['middleware', {}],
  ['body', { method: 'POST', body: '{', type: 'application/json' }],
];

describe.each(platforms)('exception filters on $name', (platform) => {
  describe.each(REPLIES)('one that %s', (_, reply) => {
    it.each(FAILURES)(
      'answers with a response: GET %s',
      async (path, { method = 'GET', body, type }) => {
        const { url } = await startFiltered(
          platform,
          reply,
          () =>
            new HTMLResponse('<h1>Sorry</h1>', { statusCode: 418, headers: { 'x-own': 'yes' } }),
        );
        const headers = type ? { 'content-type': type } : {};
        const answer = await send(`${url}/${path}`, { method, headers, ...(body && { body }) });
        expect(answer).toMatchObject({
          status: 418,
          body: '<h1>Sorry</h1>',
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-length': '14',
            'x-own': 'yes',
          },
        });
      },
    );

    it('answers with a stream', async () => {
      const { url } = await startFiltered(
        platform,
        reply,
        () => new NDJSONResponse(['a', 'b'], { statusCode: 500 }),
      );
      expect(await send(`${url}/unmapped`)).toMatchObject({
        status: 500,
        body: '"a"\n"b"\n',
        isComplete: true,
      });
    });

    it.each(['sync', 'async'] as const)(
      'answers a failure to render (%s) with an empty 500 and a log entry, without an unhandled rejection',
      async (failure) => {
        const rejections = unhandledRejections();
        const { url, logger } = await startFiltered(
          platform,
          reply,
          () => new BrokenResponse(failure),
        );
        for (const path of ['unmapped', 'lines', 'unknown', 'middleware']) {
          const answer = await send(`${url}/${path}`);
          expect(answer).toMatchObject({ status: 500, body: '', isComplete: true });
        }
        await turn();
        expect(rejections).toEqual([]);
        expect(logger.entries).toHaveLength(4);
        expect(logger.entries[0]).toMatch(
          /^error: GET \/unmapped: the BrokenResponse of an exception filter failed\. .*cannot be rendered/,
        );
      },
    );

    it('answers a stream that was already sent with an empty 500 and a log entry', async () => {
      const rejections = unhandledRejections();
      const response = new NDJSONResponse(Readable.from(['a']));
      const { url, logger } = await startFiltered(platform, reply, () => response);
      expect((await send(`${url}/unmapped`)).body).toBe('"a"\n');
      expect(await send(`${url}/unmapped`)).toMatchObject({ status: 500, body: '' });
      await turn();
      expect(rejections).toEqual([]);
      expect(logger.entries).toEqual([expect.stringContaining('has already been delivered')]);
    });
  });

  it('keep headers that were set before the failure', async () => {
    const { url } = await start(platform, {
      controllers: [FailingController],
      configure: (app) => {
        app.enableCors({ origin: 'https://example.com' });
        app.useGlobalFilters(
          filterOf(app, REPLIES[0]![1], () => new JSONResponse({}, { statusCode: 500 })),
        );
      },
    });
    for (const path of ['unmapped', 'lines']) {
      const answer = await send(`${url}/${path}`, { headers: { origin: 'https://example.com' } });
      expect(answer.headers['access-control-allow-origin']).toBe('https://example.com');
    }
  });

  it('send text as text, regardless of the declarations of the route', async () => {
    @Catch()
    class TextFilter implements ExceptionFilter {
      constructor(private readonly app: INestApplication) {}

      catch(_exception: unknown, host: ArgumentsHost): void {
        const { httpAdapter } = this.app.get(HttpAdapterHost);
        const target: unknown = host.switchToHttp().getResponse();
        httpAdapter.setHeader(target, 'Content-Type', 'text/x-own; charset=utf-8');
        httpAdapter.reply(target, 'sorry', 500);
      }
    }
    const { url } = await start(platform, {
      controllers: [FailingController],
      configure: (app) => app.useGlobalFilters(new TextFilter(app)),
    });
    expect(await send(`${url}/page`)).toMatchObject({
      status: 500,
      headers: { 'content-type': 'text/x-own; charset=utf-8' },
      body: 'sorry',
    });
  });

  it('of a route handle a failure to render the response of its handler', async () => {
    @Catch(HttpException, Error)
    class NamingFilter implements ExceptionFilter {
      constructor(private readonly app: () => INestApplication) {}

      catch(exception: Error, host: ArgumentsHost): unknown {
        const { httpAdapter } = this.app().get(HttpAdapterHost);
        const response = new JSONResponse({ caught: exception.message }, { statusCode: 502 });
        return httpAdapter.reply(host.switchToHttp().getResponse(), response);
      }
    }
    let app: INestApplication;
    @Controller()
    class BrokenController {
      @Get()
      @UseFilters(new NamingFilter(() => app))
      broken() {
        return new BrokenResponse('async');
      }
    }
    const running = await start(platform, { controllers: [BrokenController] });
    app = running.app;
    expect(await send(running.url)).toMatchObject({
      status: 502,
      body: '{"caught":"cannot be rendered"}',
    });
  });

  it('of Nest handle a failure to render the response of a handler', async () => {
    const rejections = unhandledRejections();
    const logger = new LogCollector();
    @Controller()
    class BrokenController {
      @Get()
      broken() {
        return new JSONResponse({ rows: [{ id: 1n }] });
      }
    }
    const { url } = await start(platform, {
      controllers: [BrokenController],
      application: { logger },
    });
    expect(await send(url)).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"statusCode":500,"message":"Internal server error"}',
    });
    expect(logger.entries).toEqual([expect.stringContaining('JSON cannot hold "rows[0].id"')]);
    expect(rejections).toEqual([]);
  });
});
