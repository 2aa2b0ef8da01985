import {
  Controller,
  Delete,
  Get,
  Header,
  Head,
  HttpCode,
  Post,
  Query,
  Res,
  type INestApplication,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { Observable, of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  BufferedResponse,
  EmptyResponse,
  HTMLResponse,
  JSONResponse,
  JSONRPCErrorResponse,
  JSONRPCResponse,
  NDJSONResponse,
  PlainTextResponse,
  RedirectResponse,
  ServerSentEvent,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { send } from '../support/send.js';

/** The number of times the source of a stream was subscribed to, and released. */
const source = { subscribed: 0, released: 0 };
const counted = new Observable<string>((subscriber) => {
  source.subscribed += 1;
  subscriber.next('a');
  subscriber.complete();
});
/** An iterator that counts as released once it is closed. */
function counting(): Iterable<string> {
  const items = ['a'][Symbol.iterator]();
  return {
    next: () => {
      source.subscribed += 1;
      return items.next();
    },
    return: () => {
      source.released += 1;
      return { done: true, value: undefined };
    },
    [Symbol.iterator]() {
      return this as unknown as Iterator<string>;
    },
  } as Iterable<string>;
}

class BytesResponse extends BufferedResponse<Uint8Array> {
  override readonly mediaType = 'application/octet-stream';

  render(): Uint8Array {
    return this.content;
  }
}

const CONSTANT = new JSONResponse({ constant: true }, { headers: { 'X-Constant': '1' } });
CONSTANT.setCookie('constant', '1');

@Controller()
class ClassesController {
  @Get('json')
  json(): Response {
    return new JSONResponse({ message: 'héllo' });
  }

  @Get('text')
  text(): Response {
    return new PlainTextResponse('héllo');
  }

  @Get('html')
  html(): Response {
    return new HTMLResponse('<h1>héllo</h1>');
  }

  @Get('bytes')
  bytes(): Response {
    return new BytesResponse(Uint8Array.of(0, 255, 10));
  }

  @Get('redirect')
  redirect(): Response {
    return new RedirectResponse('/json');
  }

  @Get('empty')
  empty(): Response {
    return new EmptyResponse();
  }

  @Get('empty-ok')
  emptyOk(): Response {
    return new EmptyResponse({ statusCode: 200 });
  }

  @Get('rpc')
  rpc(): Response {
    return new JSONRPCResponse({ result: 1, id: 1 });
  }

  @Get('rpc-error')
  rpcError(): Response {
    return new JSONRPCErrorResponse({ statusCode: -32601, message: 'Unknown', id: 1 });
  }

  @Get('ndjson')
  ndjson(): Response {
    return new NDJSONResponse(counting());
  }

  @Get('events')
  events(): Response {
    return new ServerSentEventResponse(counting());
  }

  @Get('observable')
  observable(): Response {
    return new ServerSentEventResponse(counted);
  }

  @Get('constant')
  constant(): Response {
    return CONSTANT;
  }
}

const classes: [path: string, status: number, type: string | undefined, body: string][] = [
  ['json', 200, 'application/json', '{"message":"héllo"}'],
  ['text', 200, 'text/plain; charset=utf-8', 'héllo'],
  ['html', 200, 'text/html; charset=utf-8', '<h1>héllo</h1>'],
  ['redirect', 307, undefined, ''],
  ['empty', 204, undefined, ''],
  ['empty-ok', 200, undefined, ''],
  ['rpc', 200, 'application/json', '{"jsonrpc":"2.0","id":1,"result":1}'],
  [
    'rpc-error',
    200,
    'application/json',
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Unknown"}}',
  ],
  ['ndjson', 200, 'application/x-ndjson', '"a"\n'],
  ['events', 200, 'text/event-stream', 'data: a\n\n'],
];

const streams = ['ndjson', 'events', 'observable'];

@Controller()
class HeadersController {
  @Post('created')
  created(): Response {
    return new JSONResponse({});
  }

  @Get('teapot')
  @HttpCode(418)
  teapot(): Response {
    return new JSONResponse({}, { statusCode: 202 });
  }

  @Post('created-stream')
  createdStream(): Response {
    return new NDJSONResponse([1]);
  }

  @Delete('deleted')
  deleted(): Response {
    return new EmptyResponse();
  }

  @Get('route')
  @Header('X-Route', 'route')
  @Header('X-Both', 'route')
  @Header('Content-Type', 'text/x-route')
  route(): Response {
    return new JSONResponse({}, { headers: { 'X-Both': 'response', 'X-Own': 'response' } });
  }

  @Get('route-stream')
  @Header('X-Route', 'route')
  @Header('X-Both', 'route')
  routeStream(): Response {
    return new NDJSONResponse([], { headers: { 'X-Both': 'response', 'X-Own': 'response' } });
  }

  @Get('content-type')
  contentType(): Response {
    return new JSONResponse({}, { headers: { 'Content-Type': 'application/x-own' } });
  }

  @Get('cookies')
  cookies(): Response {
    return new JSONResponse({}).setCookie('a', '1').setCookie('b', '2');
  }

  @Get('cookies-stream')
  cookiesStream(): Response {
    return new NDJSONResponse([]).setCookie('a', '1').setCookie('b', '2');
  }

  @Get('cookies-reply')
  cookiesReply(@Res({ passthrough: true }) reply: FastifyReply | ServerResponse): Response {
    if ('header' in reply && 'raw' in reply) {
      reply.header('set-cookie', 'reply=1');
    } else {
      (reply as ServerResponse).appendHeader('set-cookie', 'reply=1');
    }
    return new JSONResponse({}).setCookie('a', '1');
  }

  @Get('vary')
  vary(): Response {
    return new JSONResponse({}, { headers: { Vary: 'Accept, origin' } });
  }

  @Get('vary-stream')
  varyStream(): Response {
    return new NDJSONResponse([], { headers: { Vary: 'Accept, origin' } });
  }

  @Get('defaults')
  defaults(): Response {
    return new ServerSentEventResponse([]);
  }

  @Get('defaults-route')
  @Header('Cache-Control', 'private')
  defaultsRoute(): Response {
    return new ServerSentEventResponse([]);
  }

  @Get('defaults-own')
  defaultsOwn(): Response {
    return new ServerSentEventResponse([], { headers: { 'Cache-Control': 'no-store' } });
  }

  @Get('status')
  status(@Query('code') code: string): Response {
    return new JSONResponse({ a: 1 }, { statusCode: Number(code) });
  }

  @Get('status-stream')
  statusStream(@Query('code') code: string): Response {
    return new NDJSONResponse(counting(), { statusCode: Number(code) });
  }

  @Get('status-length')
  statusLength(@Query('code') code: string): Response {
    return new EmptyResponse({ statusCode: Number(code), headers: { 'Content-Length': '3' } });
  }

  @Get('length')
  length(): Response {
    return new JSONResponse({ a: 1 }, { headers: { 'Content-Length': '3' } });
  }

  @Get('length-stream')
  lengthStream(): Response {
    return new NDJSONResponse([1], { headers: { 'Content-Length': '3' } });
  }

  @Get('unwritable')
  unwritable(): Response {
    return new JSONResponse({}, { headers: { 'X-Bad': 'a\u0001b' } });
  }

  @Get('unwritable-stream')
  unwritableStream(): Response {
    return new NDJSONResponse(counting(), { headers: { 'X-Bad': 'a\u0001b' } });
  }

  @Head('own-head')
  ownHead(): Response {
    return new JSONResponse({ a: 1 });
  }
}

function useMiddleware(headers: Record<string, string | string[]>) {
  return (app: INestApplication) => {
    app.use((_request: unknown, response: ServerResponse, next: () => void) => {
      for (const [name, value] of Object.entries(headers)) {
        response.setHeader(name, value);
      }
      next();
    });
  };
}

describe.each(platforms)('on $name', (platform) => {
  it.each(classes)('GET /%s answers %i', async (path, status, type, body) => {
    const { url } = await start(platform, { controllers: [ClassesController] });
    const answer = await send(`${url}/${path}`);
    expect(answer).toMatchObject({ status, body, isComplete: true });
    expect(answer.headers['content-type']).toBe(type);
    const isStream = streams.includes(path);
    const length = isStream || status === 204 ? undefined : String(Buffer.byteLength(body));
    expect(answer.headers['content-length']).toBe(length);
    expect(answer.headers['transfer-encoding']).toBe(isStream ? 'chunked' : undefined);
  });

  it('bytes arrive unchanged', async () => {
    const { url } = await start(platform, { controllers: [ClassesController] });
    const answer = await fetch(`${url}/bytes`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.of(0, 255, 10));
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  });

  it.each([...classes.map(([path]) => path), 'observable'])(
    'HEAD /%s returns the head of GET',
    async (path) => {
      const { url } = await start(platform, { controllers: [ClassesController] });
      const get = await send(`${url}/${path}`);
      source.subscribed = 0;
      source.released = 0;
      const head = await send(`${url}/${path}`, { method: 'HEAD' });
      expect(head).toMatchObject({ status: get.status, body: '', isComplete: true });
      const { date: _date, 'transfer-encoding': _encoding, ...expected } = get.headers;
      const { date: _headDate, 'transfer-encoding': _headEncoding, ...headers } = head.headers;
      expect(headers).toEqual(expected);
      expect(source.subscribed).toBe(0);
      expect(source.released).toBe(path === 'ndjson' || path === 'events' ? 1 : 0);
    },
  );

  it('a constant can be sent many times', async () => {
    const { url } = await start(platform, { controllers: [ClassesController] });
    for (let i = 0; i < 3; i += 1) {
      const answer = await send(`${url}/constant`);
      expect(answer).toMatchObject({ status: 200, body: '{"constant":true}' });
      expect(answer.headers).toMatchObject({
        'x-constant': '1',
        'set-cookie': ['constant=1; Path=/; SameSite=Lax'],
      });
    }
  });

  it.each([
    ['POST', 'created', 200],
    ['POST', 'created-stream', 200],
    ['GET', 'teapot', 202],
    ['DELETE', 'deleted', 204],
  ])('%s /%s answers the status of the Response, %i', async (method, path, status) => {
    const { url } = await start(platform, { controllers: [HeadersController] });
    expect(await send(`${url}/${path}`, { method })).toMatchObject({ status });
  });

  it.each(['route', 'route-stream'])(
    'headers set earlier are kept, unless the Response sets them: /%s',
    async (path) => {
      const { url } = await start(platform, {
        controllers: [HeadersController],
        configure: useMiddleware({ 'X-Middleware': 'middleware', 'X-Own': 'middleware' }),
      });
      const { headers } = await send(`${url}/${path}`);
      expect(headers).toMatchObject({
        'x-middleware': 'middleware',
        'x-route': 'route',
        'x-both': 'response',
        'x-own': 'response',
        'content-type': path === 'route' ? 'application/json' : 'application/x-ndjson',
      });
    },
  );

  it('a Content-Type header wins over the media type of the class', async () => {
    const { url } = await start(platform, { controllers: [HeadersController] });
    const { headers } = await send(`${url}/content-type`);
    expect(headers['content-type']).toBe('application/x-own');
  });

  it.each(['cookies', 'cookies-stream'])(
    'cookies are added to those of middleware: /%s',
    async (path) => {
      const { url } = await start(platform, {
        controllers: [HeadersController],
        configure: useMiddleware({ 'Set-Cookie': ['m=1', 'n=2'] }),
      });
      const { headers } = await send(`${url}/${path}`);
      expect(headers['set-cookie']).toEqual([
        'm=1',
        'n=2',
        'a=1; Path=/; SameSite=Lax',
        'b=2; Path=/; SameSite=Lax',
      ]);
    },
  );

  it('cookies are added to those of middleware and of the reply', async () => {
    const { url } = await start(platform, {
      controllers: [HeadersController],
      configure: useMiddleware({ 'Set-Cookie': 'm=1' }),
    });
    const { headers } = await send(`${url}/cookies-reply`);
    expect(headers['set-cookie']?.toSorted()).toEqual([
      'a=1; Path=/; SameSite=Lax',
      'm=1',
      'reply=1',
    ]);
  });

  it.each(['vary', 'vary-stream'])('Vary is merged, without duplicates: /%s', async (path) => {
    const { url } = await start(platform, {
      controllers: [HeadersController],
      configure: useMiddleware({ Vary: 'Origin, Accept-Encoding' }),
    });
    const { headers } = await send(`${url}/${path}`);
    expect(headers.vary).toBe('Origin, Accept-Encoding, Accept');
  });

  it.each(['json', 'ndjson', 'events'])('CORS headers are sent: /%s', async (path) => {
    const { url } = await start(platform, {
      controllers: [ClassesController],
      configure: (app) => app.enableCors({ origin: ['http://a.example'], credentials: true }),
    });
    const { headers } = await send(`${url}/${path}`, { headers: { Origin: 'http://a.example' } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'http://a.example',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
  });

  it.each<[path: string, middleware: Record<string, string>, cacheControl: string]>([
    ['defaults', {}, 'no-cache, no-transform'],
    ['defaults', { 'Cache-Control': 'public' }, 'public'],
    ['defaults-route', {}, 'private'],
    ['defaults-own', {}, 'no-store'],
    ['defaults-own', { 'Cache-Control': 'public' }, 'no-store'],
  ])('headers of a class give way: /%s with %o', async (path, middleware, cacheControl) => {
    const { url } = await start(platform, {
      controllers: [HeadersController],
      configure: useMiddleware(middleware),
    });
    const { headers } = await send(`${url}/${path}`);
    expect(headers).toMatchObject({
      'cache-control': cacheControl,
      'x-accel-buffering': 'no',
      'content-type': 'text/event-stream',
    });
  });

  it.each([
    ['no preference', [], 'keep-alive'],
    ['Connection: close', ['Connection: close'], 'close'],
  ])('Connection follows %s of the client', async (_what, headers, connection) => {
    const { port } = await start(platform, { controllers: [ClassesController] });
    const client = await RawClient.connect(port);
    client.request('GET /events HTTP/1.1', ...headers);
    await client.receive('0\r\n\r\n');
    expect(client.received).toMatch(new RegExp(`\r\nConnection: ${connection}\r\n`, 'i'));
  });

  it.each(
    ['GET', 'HEAD'].flatMap((method) =>
      ['status', 'status-length', 'status-stream'].flatMap((path) =>
        [204, 304].map((code) => ({ method, path, code })),
      ),
    ),
  )('$method /$path answers $code without a body and a length', async ({ method, path, code }) => {
    const { port } = await start(platform, {
      controllers: [HeadersController],
      configure: useMiddleware({ 'Content-Length': '5', 'Content-Type': 'text/x-middleware' }),
    });
    source.released = 0;
    const client = await RawClient.connect(port);
    client.request(`${method} /${path}?code=${code} HTTP/1.1`);
    client.request(`GET /deleted HTTP/1.1`, 'Connection: close');
    await client.ended;
    const [first, second] = client.received.split(/(?=HTTP\/1\.1 )/);
    expect(first).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
    expect(first).toMatch(/\r\n\r\n$/);
    expect(first).not.toMatch(/content-length|content-type|transfer-encoding/i);
    expect(second).toMatch(/^HTTP\/1.1 404 /);
    expect(source.released).toBe(path === 'status-stream' ? 1 : 0);
  });

  it('1xx has no body and no length', async () => {
    const { port } = await start(platform, { controllers: [HeadersController] });
    const client = await RawClient.connect(port);
    client.request('GET /status?code=103 HTTP/1.1', 'Connection: close');
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1.1 103 /);
    expect(client.received).toMatch(/\r\n\r\n$/);
    expect(client.received).not.toMatch(/content-length|transfer-encoding/i);
  });

  it.each([
    ['length', '{"a":1}', '7'],
    ['length-stream', '1\n', undefined],
  ])('a wrong Content-Length is corrected: /%s', async (path, body, length) => {
    const { url } = await start(platform, { controllers: [HeadersController] });
    const answer = await send(`${url}/${path}`);
    expect(answer).toMatchObject({ status: 200, body, isComplete: true });
    expect(answer.headers['content-length']).toBe(length);
  });

  it.each(['unwritable', 'unwritable-stream'])(
    'a header that Node refuses to write is a 500: /%s',
    async (path) => {
      const { url } = await start(platform, { controllers: [HeadersController] });
      source.subscribed = 0;
      const answer = await send(`${url}/${path}`);
      expect(answer).toMatchObject({ status: 500, isComplete: true });
      expect(source.subscribed).toBe(0);
    },
  );

  it('a route of HEAD alone is answered', async () => {
    const { url } = await start(platform, { controllers: [HeadersController] });
    const answer = await send(`${url}/own-head`, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe('7');
  });

  it('delivering the same stream twice is an error that explains it', async () => {
    const stream = new NDJSONResponse(of(1));
    @Controller()
    class TwiceController {
      @Get('twice')
      twice(): Response {
        return stream;
      }
    }
    const logger = new LogCollector();
    const { url } = await start(platform, {
      controllers: [TwiceController],
      application: { logger },
    });
    expect(await send(`${url}/twice`)).toMatchObject({ status: 200, body: '1\n' });
    expect(await send(`${url}/twice`)).toMatchObject({ status: 500 });
    expect(logger.entries).toEqual([
      expect.stringContaining('This NDJSONResponse has already been delivered'),
    ]);
  });

  it('delivering the same stream twice at once continues the first delivery', async () => {
    const items = new Subject<number>();
    const stream = new NDJSONResponse(items);
    @Controller()
    class TwiceController {
      @Get('twice')
      twice(): Response {
        return stream;
      }
    }
    const { url } = await start(platform, { controllers: [TwiceController] });
    const first = await fetch(`${url}/twice`);
    expect(await send(`${url}/twice`)).toMatchObject({ status: 500 });
    items.next(1);
    items.complete();
    expect(await first.text()).toBe('1\n');
  });

  it('a value that JSON cannot represent is a 500, logged with its path', async () => {
    @Controller()
    class BrokenController {
      @Get('broken')
      broken(): Response {
        return new JSONResponse({ items: [{}, { id: 1n }] });
      }

      @Get('envelope')
      envelope(): unknown {
        return { data: new JSONResponse({}) };
      }
    }
    const logger = new LogCollector();
    const { url } = await start(platform, {
      controllers: [BrokenController],
      application: { logger },
    });
    const answer = await send(`${url}/broken`);
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('items');
    expect(logger.entries).toEqual([expect.stringContaining('JSON cannot hold "items[1].id"')]);
    expect((await send(`${url}/envelope`)).status).toBe(500);
    expect(logger.entries).toEqual([
      expect.anything(),
      expect.stringContaining('A JSONResponse cannot be part of another value'),
    ]);
  });

  it.each([
    ['an event', () => new ServerSentEvent({ event: 'a\r\nX: 1', data: '' }), 500],
    ['an id', () => new ServerSentEvent({ id: 'a\nX: 1', data: '' }), 500],
    ['an id with NUL', () => new ServerSentEvent({ id: 'a\0X: 1', data: '' }), 500],
    ['a comment', () => new ServerSentEvent({ comment: 'a\r\nX: 1\n\rX: 2' }), 200],
    ['data', () => 'a\r\nX: 1\rX: 2\n\nX: 3', 200],
    ['a header', () => new JSONResponse({}, { headers: { 'X-A': 'a\r\nX: 1' } }), 500],
    ['a header with NUL', () => new JSONResponse({}, { headers: { 'X-A': 'a\0X: 1' } }), 500],
    ['a media type', () => new JSONResponse({}, { mediaType: 'a/b\r\nX: 1' }), 500],
    ['the name of a cookie', () => new JSONResponse({}).setCookie('a\r\nX: 1', ''), 500],
    ['the value of a cookie', () => new JSONResponse({}).setCookie('a', 'b\r\nX: 1\0'), 200],
    [
      'the path of a cookie',
      () => new JSONResponse({}).setCookie('a', '', { path: '/\r\nX: 1' }),
      500,
    ],
    ['a redirect', () => new RedirectResponse('/a\r\nX: 1\0'), 307],
  ])('no line can be injected through %s', async (_what, make, status) => {
    @Controller()
    class InjectionController {
      @Get('injection')
      injection(): Response {
        const made = make();
        return made instanceof ServerSentEvent || typeof made === 'string'
          ? new ServerSentEventResponse([made])
          : made;
      }
    }
    const { port } = await start(platform, { controllers: [InjectionController] });
    const client = await RawClient.connect(port);
    client.request('GET /injection HTTP/1.1', 'Connection: close');
    await client.ended;
    expect(client.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(client.received).not.toMatch(/[\r\n\0]X: /);
    expect(client.received).not.toContain('\0');
  });
});

describe.each(platforms.filter(({ name }) => name === 'Express'))('on $name alone', (platform) => {
  it.each<[setting: string | false, start: string | undefined, status: number]>([
    ['weak', 'W/"', 304],
    ['strong', '"', 304],
    [false, undefined, 200],
  ])('etag follows the setting of Express: %s', async (setting, beginning, status) => {
    const { url } = await start(platform, {
      controllers: [ClassesController],
      configure: (app) => (app as NestExpressApplication).set('etag', setting),
    });
    const { etag } = (await send(`${url}/json`)).headers;
    expect(etag?.slice(0, beginning?.length)).toBe(beginning);
    const headers = { 'If-None-Match': etag ?? '"other"' };
    expect(await send(`${url}/json`, { headers })).toMatchObject({
      status,
      body: status === 304 ? '' : '{"message":"héllo"}',
    });
  });
});

describe.each(platforms.filter(({ name }) => name === 'Fastify'))('on $name alone', (platform) => {
  it.each(['json', 'text', 'redirect', 'empty-ok'])(
    'onSend hooks of Fastify run for buffered responses: /%s',
    async (path) => {
      const sent: unknown[] = [];
      const { url } = await start(platform, {
        controllers: [ClassesController],
        configure: (app) => {
          const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
          fastify.addHook('onSend', async (_request, reply, payload) => {
            sent.push(payload);
            void reply.header('X-Hook', 'ran');
            return typeof payload === 'string' ? payload.toUpperCase() : payload;
          });
        },
      });
      const answer = await send(`${url}/${path}`);
      expect(answer.headers['x-hook']).toBe('ran');
      expect(sent).toHaveLength(1);
      const body = classes.find(([name]) => name === path)?.[3] ?? '';
      expect(answer.body).toBe(body.toUpperCase());
    },
  );
});
