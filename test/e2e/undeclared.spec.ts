import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  HttpException,
  ImATeapotException,
  InternalServerErrorException,
  Next,
  NotFoundException,
  Options,
  Param,
  ParseIntPipe,
  Patch,
  Post,
  Put,
  Query,
  Redirect,
  Render,
  Req,
  Res,
  Sse,
  StreamableFile,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import express from 'express';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { concat, EMPTY, from, map, of, throwError, timer, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  NEEDS_EXPRESS_MESSAGES,
  type ExpressApplication,
} from '../../libs/express-messages/index.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { send, type SendOptions } from '../support/send.js';

/** The types of Express leave out the prototypes of its messages. */
type Application = express.Application & ExpressApplication;

class Cat {
  @ApiProperty()
  name!: string;
}

class Opaque {
  readonly visible = 1;
  readonly #hidden = 2;

  get sum() {
    return this.visible + this.#hidden;
  }
}

const circular: { self?: unknown } = {};
circular.self = circular;

/** Values that a handler may return, each newly created. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  zero: () => 0,
  number: () => 1.5,
  nan: () => Number.NaN,
  bigint: () => 1n,
  symbol: () => Symbol('s'),
  function: () => () => 1,
  'empty-string': () => '',
  string: () => 'text é',
  'json-string': () => '{"a":1}',
  object: () => ({ a: 1, b: undefined, c: null, nested: { at: new Date(0) } }),
  'object-with-status': () => ({ statusCode: 404, message: 'mine' }),
  'null-prototype': () => Object.assign(Object.create(null) as object, { a: 1 }),
  circular: () => circular,
  class: () => new Opaque(),
  array: () => [1, 'two', null],
  'empty-array': () => [],
  map: () => new Map([['a', 1]]),
  set: () => new Set([1]),
  date: () => new Date(0),
  error: () => new Error('returned, not thrown'),
  regexp: () => /x/,
  'to-json': () => ({ toJSON: () => ({ json: true }) }),
  'failing-to-json': () => ({
    toJSON() {
      throw new Error('no JSON');
    },
  }),
  buffer: () => Buffer.from('bytes'),
  bytes: () => new Uint8Array([104, 105]),
  'array-buffer': () => new ArrayBuffer(2),
  'streamable-file': () => new StreamableFile(Buffer.from('file')),
  'streamable-file-typed': () =>
    new StreamableFile(Buffer.from('file'), {
      type: 'text/csv',
      disposition: 'attachment; filename="f.csv"',
      length: 4,
    }),
  'streamable-file-failing': () =>
    new StreamableFile(
      new Readable({
        read() {
          this.destroy(new Error('cannot be read'));
        },
      }),
    ),
  readable: () => Readable.from(['a', 'b']),
  'readable-stream': () => ReadableStream.from(['a', 'b'].map((text) => Buffer.from(text))),
  'async-generator': async function* () {
    yield 'a';
    yield 'b';
  },
  'async-generator-of-objects': async function* () {
    yield { a: 1 };
  },
  'failing-async-generator': async function* () {
    yield* [];
    throw new Error('failed at once');
  },
  generator: function* () {
    yield 'a';
  },
  'web-response': () =>
    new globalThis.Response('web', { status: 202, headers: { 'x-web': 'yes', vary: 'X' } }),
  'web-response-empty': () => new globalThis.Response(null, { status: 204 }),
  'web-response-json': () => globalThis.Response.json({ a: 1 }),
  'observable-one': () => of({ a: 1 }),
  'observable-several': () => from([1, 2, 3]),
  'observable-empty': () => EMPTY,
  'observable-late': () => timer(5).pipe(map(() => 'late')),
  'observable-failing': () => throwError(() => new NotFoundException('in the stream')),
  'observable-failing-late': () =>
    concat(
      of(1),
      throwError(() => new Error('later')),
    ),
  'observable-of-file': () => of(new StreamableFile(Buffer.from('file'))),
};

const EXCEPTIONS: Readonly<Record<string, () => unknown>> = {
  'not-found': () => new NotFoundException(),
  message: () => new BadRequestException('wrong'),
  messages: () => new BadRequestException(['one', 'two']),
  object: () => new HttpException({ own: 'body' }, 409),
  teapot: () => new ImATeapotException(),
  internal: () => new InternalServerErrorException('told'),
  cause: () =>
    new BadRequestException('wrong', { cause: new Error('why'), description: 'Because' }),
  error: () => new Error('secret'),
  'type-error': () => new TypeError('secret'),
  'with-status': () => Object.assign(new Error('secret'), { status: 418, statusCode: 418 }),
  'http-error': () => ({ statusCode: 422, message: 'shaped' }),
  string: () => 'thrown text',
  null: () => null,
  undefined: () => undefined,
};

@Controller('values')
class ValuesController {
  @Get('sync/:kind')
  sync(@Param('kind') kind: string) {
    return VALUES[kind]?.();
  }

  @Get('async/:kind')
  async async(@Param('kind') kind: string) {
    return VALUES[kind]?.();
  }

  @Post('posted/:kind')
  posted(@Param('kind') kind: string) {
    return VALUES[kind]?.();
  }

  @Get('thrown/:kind')
  thrown(@Param('kind') kind: string): unknown {
    throw EXCEPTIONS[kind]?.();
  }

  @Get('rejected/:kind')
  rejected(@Param('kind') kind: string) {
    return new Promise((_, reject) => {
      reject(EXCEPTIONS[kind]?.());
    });
  }
}

class Refusal implements CanActivate {
  canActivate() {
    return false;
  }
}

class Enveloping implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data) => ({ data: data as unknown })));
  }
}

interface NativeReply {
  status(code: number): NativeReply;
  header(name: string, value: string): NativeReply;
  send(body: unknown): unknown;
}

@Controller('routes')
@ApiTags('routes')
class RoutesController {
  @Sse('sse')
  sse() {
    return from([{ data: { a: 1 } }, { data: 'text\nlines', type: 'named', id: '7', retry: 5 }]);
  }

  @Sse('sse/async')
  async sseAsync() {
    return of({ data: 1 });
  }

  @Sse('sse/failing')
  sseFailing() {
    return concat(
      of({ data: 1 }),
      throwError(() => new Error('in the stream')),
    );
  }

  @Sse('sse/throwing')
  sseThrowing(): Observable<{ data: number }> {
    throw new NotFoundException();
  }

  @Sse('sse/rejecting')
  @UseInterceptors(Enveloping)
  async sseRejecting(): Promise<Observable<{ data: number }>> {
    throw new NotFoundException();
  }

  @Sse('sse/intercepted')
  @UseInterceptors(Enveloping)
  sseIntercepted() {
    return of({ data: 1 });
  }

  @Get('native')
  native(@Res() reply: NativeReply) {
    reply.status(203).header('x-native', 'yes').send({ native: true });
  }

  @Get('native/passthrough')
  passthrough(@Res({ passthrough: true }) reply: NativeReply) {
    reply.status(203).header('x-native', 'yes');
    return { passthrough: true };
  }

  @Get('native/next')
  next(@Next() _next: () => void, @Res() reply: NativeReply) {
    reply.send('next');
  }

  @Get('redirect')
  @Redirect('/elsewhere', 301)
  redirect() {}

  @Get('redirect/dynamic')
  @Redirect('/elsewhere')
  redirectDynamic() {
    return { url: '/dynamic?é', statusCode: 307 };
  }

  @Get('render')
  @Render('page')
  render() {
    return { name: 'Ada' };
  }

  @Get('header')
  @Header('X-Own', 'yes')
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', 'text/x-own')
  header() {
    return 'own';
  }

  @Get('header/html')
  @Header('Content-Type', 'text/html')
  headerHTML() {
    return '<p>';
  }

  @Get('code')
  @HttpCode(204)
  code() {
    return 'not sent';
  }

  @Post('code')
  @HttpCode(202)
  codeOfPost() {
    return { accepted: true };
  }

  @Post('body')
  body(@Body() body: unknown) {
    return { body };
  }

  @Put('items/:id')
  put(@Param('id', ParseIntPipe) id: number, @Query('q') q?: string) {
    return { id, q };
  }

  @Patch('items/:id')
  patch(@Param('id') id: string) {
    return id;
  }

  @Delete('items/:id')
  @HttpCode(204)
  delete() {}

  @Options('options')
  options(@Headers('x-asked') asked: string) {
    return { asked };
  }

  @Get('guarded')
  @UseGuards(Refusal)
  guarded() {
    return 1;
  }

  @Get('enveloped')
  @UseInterceptors(Enveloping)
  enveloped() {
    return [1];
  }

  @Get('enveloped/stream')
  @UseInterceptors(Enveloping)
  async *envelopedStream() {
    yield 'a';
  }

  @Get('request')
  request(@Req() request: { method: string; url: string }) {
    return { method: request.method, url: request.url };
  }

  /** Declared, but nothing that is mapped. */
  @Get('declared')
  @ApiProduces('application/json')
  @ApiOkResponse({ description: 'All cats' })
  @ApiNotFoundResponse({ type: Cat })
  @ApiResponse({ status: 500, content: { 'text/html': {} } })
  declared() {
    return from([[{ name: 'Tom', age: 3 }]]);
  }
}

const get = (paths: readonly string[]): [string, SendOptions][] => paths.map((path) => [path, {}]);
const json = { 'content-type': 'application/json' };

const REQUESTS: Readonly<Record<string, readonly [path: string, options: SendOptions][]>> = {
  'every value that a handler may return': Object.keys(VALUES).flatMap<[string, SendOptions]>(
    (kind) => [
      [`values/sync/${kind}`, {}],
      [`values/async/${kind}`, {}],
      [`values/posted/${kind}`, { method: 'POST' }],
      [`values/sync/${kind}`, { method: 'HEAD' }],
    ],
  ),
  'everything that a handler may throw': get(
    Object.keys(EXCEPTIONS).flatMap((kind) => [`values/thrown/${kind}`, `values/rejected/${kind}`]),
  ),
  'routes of every kind': get([
    'routes/native',
    'routes/native/passthrough',
    'routes/native/next',
    'routes/redirect',
    'routes/redirect/dynamic',
    'routes/render',
    'routes/header',
    'routes/header/html',
    'routes/code',
    'routes/guarded',
    'routes/enveloped',
    'routes/enveloped/stream',
    'routes/request?a=1',
    'routes/declared',
  ]),
  'requests of every kind': [
    ...get(['', 'unknown', 'unknown/%E0%A4%A', 'routes/items/x']),
    ['routes/code', { method: 'POST' }],
    ['routes/body', { method: 'POST', headers: json, body: '{"a":1}' }],
    ['routes/body', { method: 'POST', headers: json, body: '{' }],
    ['routes/body', { method: 'POST', headers: json, body: '' }],
    ['routes/body', { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' }],
    ['routes/body', { method: 'POST', headers: json, body: `"${'x'.repeat(2_000_000)}"` }],
    ['routes/items/7?q=1', { method: 'PUT' }],
    ['routes/items/x', { method: 'PUT' }],
    ['routes/items/x', { method: 'PATCH' }],
    ['routes/items/x', { method: 'DELETE' }],
    ['routes/items/x', { method: 'POST' }],
    ['routes/options', { method: 'OPTIONS', headers: { 'x-asked': 'yes' } }],
    ['routes/header', { method: 'OPTIONS' }],
    ['routes/header', { method: 'HEAD' }],
    ['routes/header', { method: 'PROPFIND' }],
    ['routes/redirect', { method: 'HEAD' }],
    ['routes/native', { method: 'HEAD' }],
    ['routes/guarded', { method: 'HEAD' }],
    ['unknown', { method: 'HEAD' }],
    ['routes/declared', { headers: { accept: 'image/png' } }],
    ['values/sync/object', { headers: { origin: 'https://example.com', accept: 'text/html' } }],
  ],
};

/** NestJS 11 never ends the stream of an Observable that completes. */
const SSE_REQUESTS: typeof REQUESTS = {
  'routes of @Sse()': [
    ...get([
      'routes/sse',
      'routes/sse/async',
      'routes/sse/failing',
      'routes/sse/throwing',
      'routes/sse/rejecting',
      'routes/sse/intercepted',
    ]),
    ['routes/sse', { method: 'HEAD' }],
  ],
};

/** A view engine that writes the name it is given. */
function useViews(app: INestApplication, { name }: Platform): void {
  if (name === 'Express') {
    const express = (app as NestExpressApplication).getHttpAdapter().getInstance() as {
      engine(extension: string, engine: unknown): void;
      set(name: string, value: unknown): void;
    };
    express.engine('own', (_path: string, options: { name: string }, done: CallableFunction) =>
      done(null, `<p>${options.name}</p>`),
    );
    express.set('view engine', 'own');
    express.set(
      'view',
      class {
        readonly path = 'page';
        constructor(
          readonly view: string,
          readonly options: { engines: Record<string, CallableFunction> },
        ) {}
        render(options: unknown, done: CallableFunction): void {
          this.options.engines['.own']?.(this.path, options, done);
        }
      },
    );
  } else {
    const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
    const view = function (this: FastifyReply, _view: string, options: { name: string }) {
      return this.type('text/html').send(`<p>${options.name}</p>`);
    };
    fastify.decorateReply('view', view as () => unknown);
  }
}

/** Returns a response as the client sees it, except for the time of day, even if the connection was cut. */
async function seen(url: string, options: SendOptions): Promise<unknown> {
  try {
    const { headers, ...answer } = await send(url, options);
    return { ...answer, headers: { ...headers, date: undefined } };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Handlers with `@Res()` are checked for a response that they return without effect. */
const WATCHED = ['native', 'next'];

const methodsOf = (controller: Type<unknown>) =>
  Object.entries(Object.getOwnPropertyDescriptors(controller.prototype as object)).filter(
    ([name]) => !WATCHED.includes(name),
  );

describe.each(platforms)('an application on $name that declares nothing', (platform) => {
  /** The answers to some requests, of an application without the module and of one with it. */
  const answersOf = async (requests: (typeof REQUESTS)[string]) => {
    const controllers = [ValuesController, RoutesController];
    const written = controllers.map(methodsOf);
    const configure = (app: INestApplication) => {
      useViews(app, platform);
      app.enableCors({ origin: 'https://example.com', preflightContinue: true });
    };
    const without = await start(platform, { controllers, configure, responses: false });
    const withModule = await start(platform, { controllers, configure });
    const answers: { without: unknown[]; withModule: unknown[] } = { without: [], withModule: [] };
    for (const [path, options] of requests) {
      const request = `${options.method ?? 'GET'} /${path}`;
      const [expected, actual] = await Promise.all(
        [without, withModule].map(({ url }) => seen(`${url}/${path}`, options)),
      );
      answers.without.push({ request, answer: expected });
      answers.withModule.push({ request, answer: actual });
    }
    return { ...answers, written, methods: controllers.map(methodsOf) };
  };

  it.each(Object.entries(REQUESTS))('answers %s as without the module', async (_, requests) => {
    const { withModule, without, methods, written } = await answersOf(requests);
    expect(withModule).toEqual(without);
    expect(methods).toEqual(written);
  });

  it.skipIf(isNest11).each(Object.entries(SSE_REQUESTS))(
    'answers %s as without the module',
    async (_, requests) => {
      const { withModule, without, methods, written } = await answersOf(requests);
      expect(withModule).toEqual(without);
      expect(methods).toEqual(written);
    },
  );
});

it.each([
  { responses: {}, isTouched: NEEDS_EXPRESS_MESSAGES },
  { responses: { workarounds: false }, isTouched: false },
])(
  'Express uses its own messages, unless an old engine needs a workaround ($responses)',
  async ({ responses, isTouched }) => {
    const instance = express() as Application;
    const { request, response } = instance;
    const platform = platforms[0] as Platform;
    const { app } = await start(platform, { adapter: new ExpressAdapter(instance), responses });
    const server = app.getHttpServer() as Server;
    const bare = createServer();
    const options = (it: object) =>
      Object.getOwnPropertySymbols(it).map((key) => (it as Record<symbol, unknown>)[key]);
    const hasOwnClass = (kind: unknown) => !options(server).includes(kind);
    expect(options(bare)).toEqual(expect.arrayContaining([IncomingMessage, ServerResponse]));
    expect({
      request: instance.request !== request,
      response: instance.response !== response,
      emit: Object.hasOwn(server, 'emit'),
      requests: hasOwnClass(IncomingMessage),
      responses: hasOwnClass(ServerResponse),
    }).toEqual({
      request: isTouched,
      response: isTouched,
      emit: isTouched,
      requests: isTouched,
      responses: isTouched,
    });
    expect(Object.getOwnPropertyNames(IncomingMessage.prototype)).not.toContain('query');
  },
);
