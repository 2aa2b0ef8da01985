import {
  ClassSerializerInterceptor,
  Controller,
  Get,
  Injectable,
  StreamableFile,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiOkResponse, ApiProduces, ApiProperty } from '@nestjs/swagger';
import { Exclude } from 'class-transformer';
import { Readable } from 'node:stream';
import {
  defer,
  delay,
  from,
  map,
  mergeMap,
  of,
  retry,
  tap,
  throwError,
  timeout,
  type Observable,
} from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  EmptyResponse,
  HTMLResponse,
  JSONResponse,
  NDJSONResponse,
  PlainTextResponse,
  RedirectResponse,
  ServerSentEventResponse,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start } from '../support/platforms.js';
import { send } from '../support/send.js';

/** An interceptor that does one thing with what the handler makes. */
function intercepting(
  step: (handled: Observable<unknown>, context: ExecutionContext) => Observable<unknown>,
): NestInterceptor {
  return {
    intercept: (context: ExecutionContext, next: CallHandler) => step(next.handle(), context),
  };
}

class User {
  name = 'Ada';
  @Exclude()
  password = 'secret';
}

class Cat {
  @ApiProperty()
  name!: string;
}

@Controller()
class EveryKindController {
  @Get('json')
  json() {
    return new JSONResponse({ a: 1 });
  }

  @Get('text')
  text() {
    return new PlainTextResponse('text');
  }

  @Get('html')
  html() {
    return new HTMLResponse('<p>');
  }

  @Get('redirect')
  redirect() {
    return new RedirectResponse('/elsewhere');
  }

  @Get('empty')
  empty() {
    return new EmptyResponse();
  }

  @Get('ndjson')
  ndjson() {
    return new NDJSONResponse([{ a: 1 }, 'b']);
  }

  @Get('events')
  events() {
    return new ServerSentEventResponse(of({ a: 1 }, 'b'));
  }

  @Get('mapped/ndjson')
  @ApiNDJSONResponse()
  mappedLines() {
    return from([{ a: 1 }, 'b']);
  }

  @Get('mapped/events')
  @ApiServerSentEventResponse()
  async *mappedEvents() {
    yield { a: 1 };
    yield 'b';
  }

  @Get('mapped/html')
  @ApiProduces('text/html')
  mappedHTML() {
    return '<p>';
  }

  @Get('plain')
  plain() {
    return new User();
  }
}

const EVERY_KIND: readonly [
  path: string,
  status: number,
  contentType: string | undefined,
  body: string,
][] = [
  ['json', 200, 'application/json', '{"a":1}'],
  ['text', 200, 'text/plain; charset=utf-8', 'text'],
  ['html', 200, 'text/html; charset=utf-8', '<p>'],
  ['redirect', 307, undefined, ''],
  ['empty', 204, undefined, ''],
  ['ndjson', 200, 'application/x-ndjson', '{"a":1}\n"b"\n'],
  ['events', 200, 'text/event-stream', 'data: {"a":1}\n\ndata: b\n\n'],
  ['mapped/ndjson', 200, 'application/x-ndjson', '{"a":1}\n"b"\n'],
  ['mapped/events', 200, 'text/event-stream', 'data: {"a":1}\n\ndata: b\n\n'],
  ['mapped/html', 200, 'text/html; charset=utf-8', '<p>'],
];

const logging = (seen: unknown[]) =>
  intercepting((handled) => handled.pipe(tap((value) => seen.push(value))));
const serializer = (app: INestApplication) => new ClassSerializerInterceptor(app.get(Reflector));

describe.each(platforms)('interceptors on $name', (platform) => {
  it.each<[string, (app: INestApplication) => NestInterceptor[]]>([
    ['ClassSerializerInterceptor', (app) => [serializer(app)]],
    ['ClassSerializerInterceptor and a logging one', (app) => [serializer(app), logging([])]],
    ['a logging one and ClassSerializerInterceptor', (app) => [logging([]), serializer(app)]],
    ['one with a timeout', () => [intercepting((handled) => handled.pipe(timeout(10_000)))]],
    ['one that waits', () => [intercepting((handled) => handled.pipe(delay(1)))]],
    ['one that is async', () => [{ intercept: async (_, next) => next.handle() }]],
    ['one that retries', () => [intercepting((handled) => handled.pipe(retry(2)))]],
  ])('leave every response as it is: %s', async (_, interceptors) => {
    const { url } = await start(platform, {
      controllers: [EveryKindController],
      configure: (app) => app.useGlobalInterceptors(...interceptors(app)),
    });
    const answers: unknown[] = [];
    for (const [path] of EVERY_KIND) {
      const { status, headers, body } = await send(`${url}/${path}`);
      answers.push([path, status, headers['content-type'], body]);
    }
    expect(answers).toEqual(EVERY_KIND);
  });

  it('still serialize values that are not responses', async () => {
    const { url } = await start(platform, {
      controllers: [EveryKindController],
      configure: (app) => app.useGlobalInterceptors(serializer(app)),
    });
    expect((await send(`${url}/plain`)).body).toBe('{"name":"Ada"}');
  });

  it('get the response of a declared stream, and the value of any other route', async () => {
    const seen: unknown[] = [];
    const { url } = await start(platform, {
      controllers: [EveryKindController],
      configure: (app) => app.useGlobalInterceptors(logging(seen)),
    });
    await send(`${url}/mapped/ndjson`);
    await send(`${url}/mapped/html`);
    expect(seen).toEqual([expect.any(NDJSONResponse), '<p>']);
  });

  it('can change the value that is mapped', async () => {
    const { url } = await start(platform, {
      controllers: [EveryKindController],
      configure: (app) =>
        app.useGlobalInterceptors(
          intercepting((handled) => handled.pipe(map((value) => `<main>${String(value)}</main>`))),
        ),
    });
    expect(await send(`${url}/mapped/html`)).toMatchObject({
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<main><p></main>',
    });
  });

  it('run a handler again to retry it', async () => {
    let attempts = 0;
    @Controller()
    class FlakyController {
      @Get()
      @ApiServerSentEventResponse()
      @ApiNDJSONResponse()
      async flaky() {
        attempts += 1;
        if (attempts < 3) {
          throw new Error('not yet');
        }
        return from([attempts]);
      }
    }
    const { url } = await start(platform, {
      controllers: [FlakyController],
      configure: (app) =>
        app.useGlobalInterceptors(intercepting((handled) => handled.pipe(retry(2)))),
    });
    const answer = await send(url, { headers: { accept: 'application/x-ndjson' } });
    expect(answer).toMatchObject({ status: 200, body: '3\n', headers: { vary: 'Accept' } });
  });

  it('can cache values, like CacheInterceptor, and ignore responses', async () => {
    let runs = 0;
    const cache = new Map<string, unknown>();
    @Controller()
    class CachedController {
      @Get('page')
      @ApiProduces('text/html')
      page() {
        runs += 1;
        return `<p>${runs}</p>`;
      }

      @Get('json')
      @ApiOkResponse({ type: Cat })
      json() {
        runs += 1;
        return { name: `Tom ${runs}`, password: 'secret' };
      }

      @Get('lines')
      @ApiNDJSONResponse()
      lines() {
        runs += 1;
        return [runs];
      }
    }
    const caching: NestInterceptor = {
      intercept(context, next) {
        const { url } = context.switchToHttp().getRequest<{ url: string }>();
        if (cache.has(url)) {
          return of(cache.get(url));
        }
        return next.handle().pipe(
          tap((value) => {
            if (!(value instanceof StreamableFile)) {
              cache.set(url, value);
            }
          }),
        );
      },
    };
    const { url } = await start(platform, {
      controllers: [CachedController],
      configure: (app) => app.useGlobalInterceptors(caching),
    });
    const answers: unknown[] = [];
    for (const path of ['page', 'page', 'json', 'json', 'lines', 'lines']) {
      const { headers, body } = await send(`${url}/${path}`);
      answers.push([headers['content-type'], body]);
    }
    // The cache keeps the return value of the handler, which is validated each time.
    expect(answers).toEqual([
      ['text/html; charset=utf-8', '<p>1</p>'],
      ['text/html; charset=utf-8', '<p>1</p>'],
      ['application/json', '{"name":"Tom 2"}'],
      ['application/json', '{"name":"Tom 2"}'],
      ['application/x-ndjson', '3\n'],
      ['application/x-ndjson', '4\n'],
    ]);
  });

  it('can answer with their own response', async () => {
    let releases = 0;
    @Controller()
    class ReplacedController {
      @Get('value')
      value() {
        return { a: 1 };
      }

      @Get('mapped')
      @ApiNDJSONResponse()
      mapped() {
        const source = Readable.from([1]);
        source.on('close', () => (releases += 1));
        return source;
      }

      @Get('never')
      never() {
        return throwError(() => new Error('not called'));
      }
    }
    const replacing = intercepting((handled, context) =>
      context.getHandler().name === 'never'
        ? of(new PlainTextResponse('in place', { statusCode: 503 }))
        : handled.pipe(map(() => new PlainTextResponse('in place', { statusCode: 503 }))),
    );
    const { url } = await start(platform, {
      controllers: [ReplacedController],
      configure: (app) => app.useGlobalInterceptors(replacing),
    });
    for (const path of ['value', 'mapped', 'never']) {
      expect(await send(`${url}/${path}`)).toMatchObject({ status: 503, body: 'in place' });
    }
    await vi.waitFor(() => expect(releases).toBe(1));
  });

  describe('that put a response into an envelope', () => {
    let released: Promise<void>;

    @Controller()
    class WrappedController {
      @Get('mapped')
      @ApiNDJSONResponse()
      mapped() {
        return this.source();
      }

      @Get('explicit')
      explicit() {
        return new NDJSONResponse(this.source());
      }

      @Get('json')
      json() {
        return new JSONResponse({ a: 1 });
      }

      private source() {
        const source = Readable.from([1]);
        released = new Promise((resolve) => {
          source.on('close', resolve);
        });
        return source;
      }
    }

    it.each<[path: string, envelope: string, wrap: (value: unknown) => unknown]>(
      ['mapped', 'explicit', 'json'].flatMap<[string, string, (value: unknown) => unknown]>(
        (path) => [
          [path, '{ data }', (data) => ({ data })],
          [path, '[value]', (value) => [value]],
          [path, '{ data: { items } }', (items) => ({ data: { items } })],
        ],
      ),
    )(
      'are a logged 500 that names the cure, and release the source: GET %s as %s',
      async (path, _, wrap) => {
        const logger = new LogCollector();
        const { url } = await start(platform, {
          controllers: [WrappedController],
          application: { logger },
          configure: (app) =>
            app.useGlobalInterceptors(intercepting((handled) => handled.pipe(map(wrap)))),
        });
        released = Promise.resolve();
        const answer = await send(`${url}/${path}`);
        expect(answer).toMatchObject({
          status: 500,
          body: '{"statusCode":500,"message":"Internal server error"}',
        });
        await released;
        expect(logger.entries).toEqual([
          expect.stringMatching(
            /(A (NDJSON|JSON)Response cannot be part of another value\. |an interceptor has put an object in place of its stream).*Let it pass on instances of StreamableFile/,
          ),
        ]);
      },
    );
  });

  it('that fail after the handler release its stream', async () => {
    let isReleased = false;
    @Controller()
    class LateController {
      @Get()
      @ApiNDJSONResponse()
      late() {
        const source = Readable.from([1]);
        source.on('close', () => (isReleased = true));
        return source;
      }
    }
    const { url } = await start(platform, {
      controllers: [LateController],
      configure: (app) =>
        app.useGlobalInterceptors(
          intercepting((handled) =>
            handled.pipe(mergeMap(() => defer(() => throwError(() => new Error('late'))))),
          ),
        ),
    });
    expect((await send(url)).status).toBe(500);
    await vi.waitFor(() => expect(isReleased).toBe(true));
  });

  it('on the route run outside of the mapping', async () => {
    @Injectable()
    class Tagging implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler) {
        return next
          .handle()
          .pipe(tap((response: NDJSONResponse) => response.headers.set('x-tag', 'tagged')));
      }
    }
    @Controller()
    class TaggedController {
      @Get()
      @UseInterceptors(Tagging)
      @ApiNDJSONResponse()
      tagged() {
        return [1];
      }
    }
    const { url } = await start(platform, { controllers: [TaggedController] });
    expect(await send(url)).toMatchObject({ headers: { 'x-tag': 'tagged' }, body: '1\n' });
  });
});
