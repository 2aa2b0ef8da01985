import {
  All,
  Body,
  Controller,
  createParamDecorator,
  ForbiddenException,
  Get,
  Headers,
  Inject,
  Injectable,
  Next,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Redirect,
  Render,
  Req,
  Res,
  Scope,
  SetMetadata,
  Sse,
  UseGuards,
  UseInterceptors,
  VersioningType,
  Version,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiOkResponse, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { from, isObservable, of, toArray, firstValueFrom, type Observable } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  DisconnectSignal,
  LastEventId,
  ResponsesModule,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start } from '../support/platforms.js';
import { send } from '../support/send.js';

const LINES = 'application/x-ndjson';
const EVENTS = 'text/event-stream';

/** Passes everything on, as a logging interceptor does. */
class PassThrough implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

describe.each(platforms)('binding on $name', (platform) => {
  describe('a failure before the stream is handled by the exception filters', () => {
    class Refusal implements CanActivate {
      canActivate(): boolean {
        return false;
      }
    }

    @Controller()
    class FailingController {
      @Get('late')
      @ApiServerSentEventResponse()
      async late(): Promise<Observable<string>> {
        await delay(100);
        throw new NotFoundException('no such feed');
      }

      @Get('early')
      @ApiServerSentEventResponse()
      early(): Observable<string> {
        throw new ForbiddenException();
      }

      @Get('piped/:count')
      @ApiServerSentEventResponse()
      piped(@Param('count', ParseIntPipe) count: number) {
        return of(count);
      }

      @Get('guarded')
      @UseGuards(Refusal)
      @ApiServerSentEventResponse()
      guarded() {
        return of(1);
      }
    }

    it.each(
      [0, 1, 3].flatMap((count) => [
        { count, path: 'late', status: 404 },
        { count, path: 'early', status: 403 },
        { count, path: 'piped/x', status: 400 },
        { count, path: 'guarded', status: 403 },
      ]),
    )('GET $path is $status with $count global interceptors', async ({ count, path, status }) => {
      const { url } = await start(platform, {
        controllers: [FailingController],
        configure: (app) =>
          app.useGlobalInterceptors(...Array.from({ length: count }, () => new PassThrough())),
      });
      const answer = await send(`${url}/${path}`, { headers: { accept: EVENTS } });
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toContain('application/json');
      expect(JSON.parse(answer.body)).toMatchObject({ statusCode: status });
    });
  });

  describe('request-scoped controllers', () => {
    let made = 0;

    @Injectable({ scope: Scope.REQUEST })
    class Counter {
      readonly number = ++made;
    }

    @Controller()
    class ScopedController {
      constructor(@Inject(Counter) private readonly counter: Counter) {}

      @Get()
      @ApiNDJSONResponse()
      numbers(@Query('limit') limit: string) {
        return from([this.counter.number, limit]);
      }
    }

    it('stream with a new instance for each request', async () => {
      made = 0;
      const { url } = await start(platform, {
        controllers: [ScopedController],
        providers: [Counter],
      });
      expect((await send(`${url}/?limit=5`)).body).toBe('1\n"5"\n');
      expect((await send(`${url}/?limit=6`)).body).toBe('2\n"6"\n');
    });
  });

  describe('inherited handlers', () => {
    /** Each test has its own classes, because binding is permanent. */
    function family() {
      abstract class Feed {
        abstract readonly items: readonly unknown[];

        @Get('items/:id')
        @ApiNDJSONResponse()
        list(@Param('id') id: string, limit = 10, ...rest: unknown[]) {
          return from([...this.items, id, limit, rest.length]);
        }
      }

      @Controller('cats')
      class Cats extends Feed {
        readonly items: readonly unknown[] = ['cat'];
      }

      @Controller('dogs')
      class Dogs extends Feed {
        readonly items = ['dog'];
      }

      @Controller('kittens')
      class Kittens extends Cats {
        override readonly items = ['kitten'];
      }

      return { Cats, Dogs, Kittens };
    }

    it.each<[string, (classes: ReturnType<typeof family>) => Type<unknown>[]]>([
      ['of an abstract base', ({ Cats, Dogs }) => [Cats, Dogs]],
      ['of a base that is bound first', ({ Cats, Kittens }) => [Cats, Kittens]],
      ['of a base that is bound last', ({ Cats, Kittens }) => [Kittens, Cats]],
    ])('%s stream alike, with the arguments that they declare', async (_, pick) => {
      const controllers = pick(family());
      const { url } = await start(platform, { controllers });
      for (const controller of controllers) {
        const name = controller.name.toLowerCase();
        const item = name.slice(0, -1);
        const { body } = await send(`${url}/${name}/items/7`);
        expect(body).toBe(`"${item}"\n"7"\n10\n0\n`);
      }
    });

    it('of a base that another application has bound stream too', async () => {
      const { Cats, Kittens } = family();
      await start(platform, { controllers: [Cats] });
      const { url } = await start(platform, { controllers: [Kittens] });
      expect((await send(`${url}/kittens/items/7`)).body).toBe('"kitten"\n"7"\n10\n0\n');
    });

    it('answer as each subclass declares', async () => {
      class Base {
        @Get()
        items() {
          return from([1]);
        }
      }

      @Controller('events')
      @ApiProduces(EVENTS)
      class AsEvents extends Base {}

      @Controller('lines')
      @ApiProduces(LINES)
      class AsLines extends Base {}

      @Controller('plain')
      class Plain extends Base {}

      const { url } = await start(platform, { controllers: [AsEvents, Plain, AsLines] });
      expect((await send(`${url}/events`)).body).toBe('data: 1\n\n');
      expect((await send(`${url}/lines`)).body).toBe('1\n');
      expect((await send(`${url}/plain`)).body).toBe('1');
    });

    it('answer as each class declares if the base is bound as well', async () => {
      @Controller('base')
      class Base {
        @Get()
        @ApiProduces(LINES)
        items() {
          return from([1]);
        }
      }

      @Controller('derived')
      @ApiProduces(EVENTS)
      class Derived extends Base {}

      for (const controllers of [
        [Base, Derived],
        [Derived, Base],
      ]) {
        const { url } = await start(platform, { controllers });
        const accept = EVENTS;
        expect((await send(`${url}/base`, { headers: { accept } })).body).toBe('1\n');
        expect((await send(`${url}/derived`, { headers: { accept } })).body).toBe('data: 1\n\n');
      }
    });

    it('of a subclass without a mapped declaration behave as written', async () => {
      @Controller('base')
      @ApiOkResponse({ content: { [LINES]: {} } })
      class Base {
        @Get()
        items(limit = 10) {
          return [limit];
        }
      }

      @Controller('derived')
      @ApiOkResponse({ content: { 'application/json': {} } })
      class Derived extends Base {}

      for (const controllers of [[Base, Derived], [Derived]]) {
        const { url } = await start(platform, { controllers });
        expect((await send(`${url}/derived`)).body).toBe('[10]');
      }
    });

    it('that override one of the base can call it', async () => {
      @Controller('base')
      class Base {
        @Get()
        @ApiNDJSONResponse()
        items(@Query('n') n: string) {
          return from([n]);
        }
      }

      @Controller('derived')
      class Derived extends Base {
        @Get()
        @ApiServerSentEventResponse()
        override items(@Query('m') m: string) {
          return super.items(m);
        }
      }

      const { url } = await start(platform, { controllers: [Base, Derived] });
      expect((await send(`${url}/base?n=1`)).body).toBe('"1"\n');
      expect((await send(`${url}/derived?m=2`)).body).toBe('data: 2\n\n');
    });

    it('of mixins belong to their own class', async () => {
      function FeedOf<TItem>(path: string, item: TItem) {
        @Controller(path)
        class FeedController {
          @Get()
          @ApiNDJSONResponse()
          items(@Query('n') n: string) {
            return from([item, n]);
          }
        }
        return FeedController;
      }

      const { url } = await start(platform, { controllers: [FeedOf('a', 1), FeedOf('b', 2)] });
      expect((await send(`${url}/a?n=x`)).body).toBe('1\n"x"\n');
      expect((await send(`${url}/b?n=y`)).body).toBe('2\n"y"\n');
    });

    it('of methods that a mixin copies keep their parameters', async () => {
      class Listing {
        @Get('items')
        @ApiNDJSONResponse()
        items(@Query('n', ParseIntPipe) n: number) {
          return from([n + 1]);
        }
      }

      @Controller('copied')
      class Copied {}
      for (const name of ['constructor', 'items']) {
        const descriptor = Object.getOwnPropertyDescriptor(Listing.prototype, name)!;
        Object.defineProperty(Copied.prototype, name, descriptor);
      }

      const { url } = await start(platform, { controllers: [Copied] });
      expect((await send(`${url}/copied/items?n=1`)).body).toBe('2\n');
    });
  });

  describe('a controller that is bound', () => {
    it('streams in every application of the process', async () => {
      @Controller()
      class TicksController {
        @Get(':n')
        @ApiServerSentEventResponse()
        @ApiNDJSONResponse()
        ticks(@Param('n') n: string, last = 'default') {
          return from([n, last]);
        }
      }

      for (let application = 0; application < 3; application += 1) {
        const { url } = await start(platform, { controllers: [TicksController] });
        const answer = await send(`${url}/1`, { headers: { accept: LINES } });
        expect(answer.body).toBe('"1"\n"default"\n');
        expect(answer.headers.vary).toBe('Accept');
      }
      const bound = Reflect.get(TicksController.prototype, 'ticks');
      expect(Reflect.getMetadata('__guards__', bound)).toHaveLength(1);
    });

    it('streams in an application without the module as well', async () => {
      @Controller()
      class TicksController {
        @Get()
        @ApiNDJSONResponse()
        ticks() {
          return from([1, 2]);
        }
      }

      await start(platform, { controllers: [TicksController] });
      const { url } = await start(platform, { controllers: [TicksController], responses: false });
      expect(await send(url)).toMatchObject({
        status: 200,
        headers: { 'content-type': LINES },
        body: '1\n2\n',
      });
    });
  });

  describe('a bound method', () => {
    const Role = Reflector.createDecorator<string>();
    const Upper = createParamDecorator((name: string, context: ExecutionContext) =>
      String(
        context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers[name],
      ).toUpperCase(),
    );

    @Injectable()
    class RoleGuard implements CanActivate {
      constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

      canActivate(context: ExecutionContext): boolean {
        const request = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        return this.reflector.get(Role, context.getHandler()) === request.headers['x-role'];
      }
    }

    class Named implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
        const reply = context.switchToHttp().getResponse<{ header(n: string, v: string): void }>();
        reply.header('x-handler', `${context.getClass().name}.${context.getHandler().name}`);
        return next.handle();
      }
    }

    @Controller()
    class DecoratedController {
      @Get(['one/:id', 'two/:id'])
      @Role('admin')
      @SetMetadata('own', 1)
      @UseGuards(RoleGuard)
      @UseInterceptors(Named)
      @ApiQuery({ name: 'limit' })
      @ApiNDJSONResponse()
      items(
        @Param('id', ParseIntPipe) id: number,
        @Query('limit') limit = '10',
        @Upper('x-role') role: string,
        undecorated = 'default',
        @Headers() headers: Record<string, string>,
        @LastEventId() last: string | undefined,
        @DisconnectSignal() signal: AbortSignal,
        @Req() request: { method: string },
        @Res({ passthrough: true }) reply: { header(name: string, value: string): void },
        after = 'after',
      ) {
        reply.header('x-reply', request.method);
        return from([id, limit, role, undecorated, headers['x-role'], last, signal.aborted, after]);
      }

      @Post('body')
      @ApiNDJSONResponse()
      body(@Body() body: { items: unknown[] }) {
        return from(body.items);
      }

      @All('all')
      @ApiNDJSONResponse()
      all(@Req() request: { method: string }) {
        return [request.method];
      }

      @Get('indirect')
      @ApiServerSentEventResponse()
      async *indirect() {
        const lines = this.all({ method: 'called' });
        yield isObservable(lines) ? 'an Observable' : lines;
      }

      @Get('inherits/nothing')
      untouched() {
        return from([1]);
      }
    }

    it.each(['one', 'two'])('gets its declared parameters, on path %s', async (path) => {
      const { url } = await start(platform, {
        controllers: [DecoratedController],
        providers: [RoleGuard],
      });
      const headers = { 'x-role': 'admin', 'last-event-id': '41' };
      const answer = await send(`${url}/${path}/7`, { headers });
      expect(
        answer.body
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ).toEqual([7, '10', 'ADMIN', 'default', 'admin', '41', false, 'after']);
      expect(answer.headers).toMatchObject({
        'x-handler': 'DecoratedController.items',
        'x-reply': 'GET',
      });
    });

    it('still runs its guards and pipes', async () => {
      const { url } = await start(platform, {
        controllers: [DecoratedController],
        providers: [RoleGuard],
      });
      expect((await send(`${url}/one/7`)).status).toBe(403);
      expect((await send(`${url}/one/x`, { headers: { 'x-role': 'admin' } })).status).toBe(400);
    });

    it('reads a body', async () => {
      const { url } = await start(platform, {
        controllers: [DecoratedController],
        providers: [RoleGuard],
      });
      const answer = await send(`${url}/body`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"items":[1,2]}',
      });
      expect(answer).toMatchObject({ status: 201, body: '1\n2\n' });
    });

    it.each(['GET', 'POST', 'DELETE'])('answers %s under @All()', async (method) => {
      const { url } = await start(platform, {
        controllers: [DecoratedController],
        providers: [RoleGuard],
      });
      const answer = await send(`${url}/all`, { method });
      expect(answer.headers['content-type']).toBe(LINES);
      expect(answer.body).toBe(`"${method}"\n`);
    });

    it('behaves as written if another handler calls it', async () => {
      const { url } = await start(platform, {
        controllers: [DecoratedController],
        providers: [RoleGuard],
      });
      expect((await send(`${url}/indirect`)).body).toBe('data: ["called"]\n\n');
    });

    it('has the metadata, the name and the length of the handler', async () => {
      class Reading {
        @Get()
        @SetMetadata('own', 1)
        @ApiQuery({ name: 'limit' })
        @ApiNDJSONResponse()
        list(@Query('limit', ParseIntPipe) limit: number, last?: string) {
          return [limit, last];
        }
      }
      Controller()(Reading);
      await start(platform, { controllers: [Reading] });
      const bound = Reflect.get(Reading.prototype, 'list');
      expect(bound.name).toBe('list');
      expect(bound).toHaveLength(2);
      expect(Reflect.getMetadata('own', bound)).toBe(1);
      expect(Reflect.getMetadata('swagger/apiParameters', bound)).toHaveLength(1);
      expect(Reflect.getMetadata('design:paramtypes', Reading.prototype, 'list')).toEqual([
        Number,
        String,
      ]);
    });

    it('behaves as written if a unit test calls it', async () => {
      const module = await Test.createTestingModule({
        imports: [ResponsesModule],
        controllers: [DecoratedController],
      }).compile();
      const controller = module.get(DecoratedController);
      const items = await firstValueFrom(controller.body({ items: [1, 2] }).pipe(toArray()));
      expect(items).toEqual([1, 2]);
      expect(controller.all({ method: 'GET' })).toEqual(['GET']);
    });

    it('is matched by its version', async () => {
      @Controller({ path: 'ticks', version: '1' })
      class Ticks {
        @Get()
        @ApiNDJSONResponse()
        one() {
          return [1];
        }

        @Get()
        @Version('2')
        @ApiServerSentEventResponse()
        two() {
          return [2];
        }
      }
      const { url } = await start(platform, {
        controllers: [Ticks],
        configure: (app) => app.enableVersioning({ type: VersioningType.URI }),
      });
      expect((await send(`${url}/v1/ticks`)).body).toBe('1\n');
      expect((await send(`${url}/v2/ticks`)).body).toBe('data: 2\n\n');
    });
  });

  describe('an invalid declaration', () => {
    /** What start-up fails with, and what it logs. */
    async function startUp(controller: Type<unknown>) {
      const logger = new LogCollector();
      const error = await Test.createTestingModule({
        imports: [ResponsesModule],
        controllers: [controller],
      })
        .setLogger(logger)
        .compile()
        .then((module) => module.createNestApplication(platform.adapter()).init())
        .then(
          (app) => {
            onTestFinished(() => app.close());
            return undefined;
          },
          (reason: unknown) => (reason as Error).message,
        );
      return { error, logs: logger.entries };
    }

    function controllerOf(...decorators: (MethodDecorator | ParameterDecorator)[]): Type<unknown> {
      class FeedController {
        list(_injected: unknown): unknown {
          return [];
        }
      }
      const descriptor = Object.getOwnPropertyDescriptor(FeedController.prototype, 'list')!;
      for (const decorator of decorators) {
        (decorator as MethodDecorator)(FeedController.prototype, 'list', descriptor);
      }
      Controller()(FeedController);
      return FeedController;
    }

    const injects =
      (decorator: ParameterDecorator): MethodDecorator =>
      (target, key) =>
        decorator(target, key, 0);
    const ours = (...args: Parameters<typeof ApiNDJSONResponse>) =>
      ApiNDJSONResponse(...args) as MethodDecorator;
    const answersItself =
      'FeedController.list() declares application/x-ndjson, but answers by itself through @Res() or @Next(). ' +
      'Return the response, or inject it with @Res({ passthrough: true }).';

    it.each<[string, MethodDecorator[], string]>([
      ['@Res() under our decorator', [Get(), ours(), injects(Res())], answersItself],
      ['@Next() under our decorator', [Get(), ours(), injects(Next())], answersItself],
      [
        'a status of our decorator that the route does not answer',
        [Post(), ours({ status: 200 })],
        'FeedController.list() answers 201, but declares its response for 200. ' +
          'Declare 201, or set the status 200 with @HttpCode().',
      ],
    ])(
      '%s fails at start-up, and names the controller and the method',
      async (_, decorators, message) => {
        expect(await startUp(controllerOf(...decorators))).toEqual({ error: message, logs: [] });
      },
    );

    it.each<[string, MethodDecorator[]]>([
      ['@Res({ passthrough: true })', [Get(), ours(), injects(Res({ passthrough: true }))]],
      [
        "@Res() under swagger's own decorators",
        [Get(), ApiProduces(LINES), ApiOkResponse(), injects(Res())],
      ],
      [
        "@Next() under swagger's own decorators",
        [Get(), ApiProduces(LINES), ApiOkResponse(), injects(Next())],
      ],
      ['a method that is no route', [ours(), injects(Res())]],
    ])('%s is allowed', async (_, decorators) => {
      expect(await startUp(controllerOf(...decorators))).toEqual({ error: undefined, logs: [] });
    });

    it("logs a warning if swagger's own decorators declare another status than the route's", async () => {
      const controller = controllerOf(Post(), ApiProduces(LINES), ApiOkResponse());
      expect(await startUp(controller)).toEqual({
        error: undefined,
        logs: [
          expect.stringContaining(
            'FeedController.list() answers 201, but declares its response for 200.',
          ),
        ],
      });
    });

    it("leaves a route with @Res() and swagger's own decorators to its handler", async () => {
      @Controller()
      class NativeController {
        @Get()
        @ApiProduces(LINES)
        native(@Res() reply: { send(body: string): void }) {
          reply.send('native');
          return from([1]);
        }
      }
      const { url } = await start(platform, { controllers: [NativeController] });
      expect((await send(url)).body).toBe('native');
    });
  });

  // NestJS 11 never ends the stream of an Observable that completes.
  it.skipIf(isNest11)('leaves @Sse(), @Render() and @Redirect() to Nest', async () => {
    @Controller()
    class NestController {
      @Sse('sse')
      @ApiProduces(EVENTS)
      sse() {
        return of({ data: 1, type: 'tick' });
      }

      @Get('render')
      @Render('page')
      @ApiProduces('text/html')
      page() {
        return {};
      }

      @Get('redirect')
      @Redirect('/elsewhere')
      @ApiProduces('text/html')
      redirect() {
        return 'nothing';
      }
    }
    const before = Object.getOwnPropertyDescriptors(NestController.prototype);
    const { url } = await start(platform, { controllers: [NestController] });
    expect(Object.getOwnPropertyDescriptors(NestController.prototype)).toEqual(before);
    expect((await send(`${url}/sse`)).body).toContain('event: tick');
    expect(await send(`${url}/redirect`)).toMatchObject({
      status: 302,
      headers: { location: '/elsewhere' },
    });
  });
});
