import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiProduces } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ApiNDJSONResponse,
  JSONResponse,
  NDJSONResponse,
  ResponsesModule,
  ServerSentEvent,
  ServerSentEventResponse,
  type ResponsesModuleOptions,
} from '../../src/index.js';
import { platforms, start } from '../support/platforms.js';
import { send } from '../support/send.js';

@Controller()
class FeedController {
  @Get('lines')
  @ApiNDJSONResponse()
  lines() {
    return [1, 2];
  }

  @Get('page')
  @ApiProduces('text/html')
  page() {
    return '<p>';
  }

  @Get('objects')
  objects() {
    return new NDJSONResponse([{ a: 1 }, { a: 2 }]);
  }

  @Get('events')
  events() {
    return new ServerSentEventResponse([{ a: 1 }, new ServerSentEvent({ id: 2, data: { a: 2 } })]);
  }

  @Get('json')
  json() {
    return new JSONResponse({ a: 1 });
  }
}

const stringify = (value: unknown) => `/* own */${JSON.stringify(value)}`;

@Module({ providers: [{ provide: 'INDENT', useValue: stringify }], exports: ['INDENT'] })
class ConfigModule {}

@Injectable()
class OptionsFactory {
  create(): ResponsesModuleOptions {
    return { json: { stringify } };
  }
}

const OWN = '/* own */{"a":1}';
const OWN_LINES = '/* own */1\n/* own */2\n';

describe.each(platforms)('ResponsesModule on $name', (platform) => {
  it.each<[string, NonNullable<Parameters<typeof start>[1]['imports']>[number], string, string]>([
    ['the bare class', ResponsesModule, '{"a":1}', '1\n2\n'],
    ['forRoot()', ResponsesModule.forRoot({}), '{"a":1}', '1\n2\n'],
    ['forRoot() with options', ResponsesModule.forRoot({ json: { stringify } }), OWN, OWN_LINES],
    [
      'forRootAsync() with useFactory',
      ResponsesModule.forRootAsync({ useFactory: async () => ({ json: { stringify } }) }),
      OWN,
      OWN_LINES,
    ],
    [
      'forRootAsync() with inject',
      ResponsesModule.forRootAsync({
        imports: [ConfigModule],
        inject: ['INDENT'],
        useFactory: (injected: typeof stringify) => ({ json: { stringify: injected } }),
      }),
      OWN,
      OWN_LINES,
    ],
    [
      'forRootAsync() with useClass',
      ResponsesModule.forRootAsync({ useClass: OptionsFactory }),
      OWN,
      OWN_LINES,
    ],
  ])('works as %s', async (_, imported, json, lines) => {
    const { url } = await start(platform, {
      responses: false,
      imports: [imported],
      controllers: [FeedController],
    });
    expect((await send(`${url}/json`)).body).toBe(json);
    expect((await send(`${url}/lines`)).body).toBe(lines);
    expect((await send(`${url}/page`)).headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('streams each item on one line, even if `json.stringify` indents', async () => {
    const indented = (value: unknown) => JSON.stringify(value, undefined, 2);
    const { url } = await start(platform, {
      responses: { json: { stringify: indented } },
      controllers: [FeedController],
    });
    expect((await send(`${url}/json`)).body).toBe(indented({ a: 1 }));
    expect((await send(`${url}/objects`)).body).toBe('{"a": 1}\n{"a": 2}\n');
    expect((await send(`${url}/events`)).body).toBe('data: {"a": 1}\n\nid: 2\ndata: {"a": 2}\n\n');
  });

  it('works if a module is imported twice, and in a separate module', async () => {
    @Module({ imports: [ResponsesModule], controllers: [FeedController] })
    class FeedModule {}

    const { url } = await start(platform, {
      responses: false,
      imports: [FeedModule, ResponsesModule],
    });
    expect((await send(`${url}/lines`)).body).toBe('1\n2\n');
  });

  it('works in an application made by NestFactory', async () => {
    @Module({ imports: [ResponsesModule.forRoot()], controllers: [FeedController] })
    class AppModule {}

    const app = await NestFactory.create(AppModule, platform.adapter(), { logger: false });
    onTestFinished(() => app.close());
    await app.listen(0, '127.0.0.1');
    expect((await send(`${await app.getUrl()}/lines`)).body).toBe('1\n2\n');
  });

  it('works in a testing module that gets its adapter last', async () => {
    const module = await Test.createTestingModule({
      imports: [ResponsesModule],
      controllers: [FeedController],
    }).compile();
    const app = module.createNestApplication(platform.adapter(), { logger: false });
    onTestFinished(() => app.close());
    await app.listen(0, '127.0.0.1');
    expect((await send(`${await app.getUrl()}/lines`)).body).toBe('1\n2\n');
  });

  it('works under a global prefix', async () => {
    const { url } = await start(platform, {
      controllers: [FeedController],
      configure: (app) => app.setGlobalPrefix('api'),
    });
    expect((await send(`${url}/api/lines`)).body).toBe('1\n2\n');
  });
});

describe('ResponsesModule', () => {
  it('does no harm in an application without HTTP', async () => {
    @Injectable()
    class Work {
      readonly isDone = true;
    }

    @Module({
      imports: [ResponsesModule.forRoot()],
      providers: [Work],
      controllers: [FeedController],
    })
    class WorkerModule {}

    const context = await NestFactory.createApplicationContext(WorkerModule, { logger: false });
    expect(context.get(Work).isDone).toBe(true);
    await context.close();
  });

  it('does not export its options', async () => {
    const options: ResponsesModuleOptions = Object.freeze({ json: Object.freeze({ stringify }) });
    const module = await Test.createTestingModule({
      imports: [ResponsesModule.forRoot(options)],
    }).compile();
    await expect(module.init()).resolves.toBeDefined();
    await module.close();
  });

  const mustBe = (name: string, what: string, got: string) =>
    `The option "${name}" of ResponsesModule must be ${what}, got ${got}.`;
  const MILLISECONDS = 'a positive number of milliseconds below 2^31';

  it.each<[options: unknown, message: string]>([
    [{ jsno: {} }, 'ResponsesModule has no option "jsno".'],
    [{ json: { stringfy: JSON.stringify } }, 'ResponsesModule has no option "json.stringfy".'],
    [{ json: { constructor: 1 } }, 'ResponsesModule has no option "json.constructor".'],
    [{ constructor: 1 }, 'ResponsesModule has no option "constructor".'],
    [{ 'json.stringify': JSON.stringify }, 'ResponsesModule has no option "json.stringify".'],
    [{ json: JSON.stringify }, mustBe('json', 'an object', '[Function: stringify]')],
    [{ json: null }, mustBe('json', 'an object', 'null')],
    [{ json: [] }, mustBe('json', 'an object', '[]')],
    [{ json: { stringify: 'JSON' } }, mustBe('json.stringify', 'a function', "'JSON'")],
    [{ eventStream: 15_000 }, mustBe('eventStream', 'an object', '15000')],
    [
      { eventStream: { heartbeat: 0 } },
      mustBe('eventStream.heartbeat', `${MILLISECONDS}, or false`, '0'),
    ],
    [
      { eventStream: { heartbeat: -1 } },
      mustBe('eventStream.heartbeat', `${MILLISECONDS}, or false`, '-1'),
    ],
    [
      { eventStream: { heartbeat: Number.NaN } },
      mustBe('eventStream.heartbeat', `${MILLISECONDS}, or false`, 'NaN'),
    ],
    [
      { eventStream: { heartbeat: 2 ** 31 } },
      mustBe('eventStream.heartbeat', `${MILLISECONDS}, or false`, '2147483648'),
    ],
    [
      { eventStream: { heartbeat: true } },
      mustBe('eventStream.heartbeat', `${MILLISECONDS}, or false`, 'true'),
    ],
    [
      { eventStream: { heartbeat: '15s' } },
      mustBe('eventStream.heartbeat', `${MILLISECONDS}, or false`, "'15s'"),
    ],
    [{ eventStream: { retry: -1 } }, mustBe('eventStream.retry', 'a non-negative integer', '-1')],
    [{ eventStream: { retry: 1.5 } }, mustBe('eventStream.retry', 'a non-negative integer', '1.5')],
    [
      { streams: { maxBufferedBytes: '4MB' } },
      mustBe('streams.maxBufferedBytes', 'a non-negative integer', "'4MB'"),
    ],
    [
      { streams: { maxBufferedBytes: Infinity } },
      mustBe('streams.maxBufferedBytes', 'a non-negative integer', 'Infinity'),
    ],
    [
      { streams: { sendTimeout: 0 } },
      mustBe('streams.sendTimeout', `${MILLISECONDS}, or false`, '0'),
    ],
    [
      { streams: { sendTimeout: null } },
      mustBe('streams.sendTimeout', `${MILLISECONDS}, or false`, 'null'),
    ],
    [{ errors: 'yes' }, mustBe('errors', "true, false or 'problem'", "'yes'")],
    [{ shutdownTimeout: -1 }, mustBe('shutdownTimeout', `${MILLISECONDS}, or 0`, '-1')],
    [{ shutdownTimeout: false }, mustBe('shutdownTimeout', `${MILLISECONDS}, or 0`, 'false')],
    // A longer timer of Node's runs out at once.
    [
      { shutdownTimeout: 2 ** 31 },
      mustBe('shutdownTimeout', `${MILLISECONDS}, or 0`, '2147483648'),
    ],
    ['json', "The options of ResponsesModule must be an object, got 'json'."],
    [[], 'The options of ResponsesModule must be an object, got [].'],
  ])('rejects the options %j at start-up', async (options, message) => {
    for (const imported of [
      () => ResponsesModule.forRoot(options as ResponsesModuleOptions),
      () => ResponsesModule.forRootAsync({ useFactory: () => options as ResponsesModuleOptions }),
    ]) {
      await expect(
        start(platforms[0]!, { responses: false, imports: [imported()] }),
      ).rejects.toThrow(new TypeError(message));
    }
  });

  it.each<[options: ResponsesModuleOptions]>([
    [{}],
    [{ json: {}, eventStream: {}, streams: {} }],
    [{ json: { stringify } }],
    [{ eventStream: { heartbeat: false, retry: 0 } }],
    [{ eventStream: { heartbeat: 2 ** 31 - 1, retry: 3_000 } }],
    [{ streams: { maxBufferedBytes: 0, sendTimeout: false } }],
    [{ shutdownTimeout: 0 }],
  ])('accepts the options %j', async (options) => {
    const module = await Test.createTestingModule({
      imports: [ResponsesModule.forRoot(options)],
    }).compile();
    expect(module.get(ResponsesModule)).toBeInstanceOf(ResponsesModule);
    await module.close();
  });

  it('uses the defaults of options that are undefined', async () => {
    const options = {
      json: undefined,
      eventStream: { heartbeat: undefined },
      shutdownTimeout: undefined,
    };
    const { url } = await start(platforms[0]!, {
      responses: options as unknown as ResponsesModuleOptions,
      controllers: [FeedController],
    });
    expect((await send(`${url}/json`)).body).toBe('{"a":1}');
  });
});
