import {
  Controller,
  Get,
  Header,
  HttpCode,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Res,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import {
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiResponse,
  DocumentBuilder,
  SwaggerModule,
} from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { from, map, of, range } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  HTMLResponse,
  JSONResponse,
  ServerSentEvent,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start } from '../support/platforms.js';
import { send } from '../support/send.js';

class Tick {
  @ApiProperty()
  at!: number;
}

const EVENTS = 'text/event-stream';
const LINES = 'application/x-ndjson';
const TICKS: readonly Tick[] = [{ at: 0 }, { at: 1 }];
const AS_EVENTS = 'data: {"at":0}\n\ndata: {"at":1}\n\n';
const AS_LINES = '{"at":0}\n{"at":1}\n';

async function* generate<TItem>(items: readonly TItem[]): AsyncGenerator<TItem> {
  yield* items;
}

/** As a query of Mongoose: it runs when it is awaited, and is a cursor over its rows as well. */
function query(): AsyncIterable<Tick> {
  const cursor = { [Symbol.asyncIterator]: () => generate(TICKS) };
  Reflect.set(cursor, 'then', (resolve: (rows: readonly Tick[]) => void) => resolve(TICKS));
  return cursor;
}

@Controller('sources')
class SourcesController {
  @Get('observable')
  @ApiNDJSONResponse({ type: Tick })
  observable() {
    return from(TICKS);
  }

  @Get('promise')
  @ApiNDJSONResponse({ type: Tick })
  async promise() {
    return from(TICKS);
  }

  @Get('async-generator')
  @ApiNDJSONResponse({ type: Tick })
  asyncGenerator() {
    return generate(TICKS);
  }

  @Get('generator')
  @ApiNDJSONResponse({ type: Tick })
  *generator() {
    yield* TICKS;
  }

  @Get('array')
  @ApiNDJSONResponse({ type: Tick })
  array() {
    return TICKS;
  }

  @Get('set')
  @ApiNDJSONResponse({ type: Tick })
  set() {
    return new Set(TICKS);
  }

  @Get('readable')
  @ApiNDJSONResponse({ type: Tick })
  readable() {
    return Readable.from(TICKS);
  }

  @Get('readable-stream')
  @ApiNDJSONResponse({ type: Tick })
  readableStream() {
    return ReadableStream.from<Tick>(TICKS);
  }

  @Get('query')
  @ApiProduces(LINES)
  query() {
    return query();
  }
}

@Controller('declared')
class DeclaredController {
  @Get('ours/events')
  @ApiServerSentEventResponse({ type: Tick })
  events() {
    return from(TICKS);
  }

  @Get('ours/named-events')
  @ApiServerSentEventResponse({ events: { tick: Tick } })
  namedEvents() {
    return from(TICKS).pipe(map((data) => new ServerSentEvent({ event: 'tick' as const, data })));
  }

  @Get('produces')
  @ApiProduces(EVENTS)
  @ApiOkResponse({ type: Tick })
  produces() {
    return from(TICKS);
  }

  @Get('produces/alone')
  @ApiProduces(EVENTS)
  producesAlone() {
    return from(TICKS);
  }

  @Get('content')
  @ApiOkResponse({ content: { [LINES]: { schema: { type: 'object' } } } })
  content() {
    return from(TICKS);
  }

  @Get('default')
  @ApiProduces(LINES)
  @ApiResponse({ status: 'default', type: Tick })
  default() {
    return from(TICKS);
  }

  @Get('class-of-status')
  @HttpCode(202)
  @ApiResponse({ status: '2XX', content: { [LINES]: {} } })
  classOfStatus() {
    return from(TICKS);
  }

  @Get('jsonl')
  @ApiProduces('application/jsonl')
  @ApiOkResponse({ type: Tick })
  jsonl() {
    return from(TICKS);
  }

  @Get('parameters')
  @ApiProduces('text/event-stream; charset=utf-8')
  parameters() {
    return from(TICKS);
  }

  @Get('html')
  @ApiProduces('text/html')
  html() {
    return '<p>é</p>';
  }

  @Get('text')
  @ApiOkResponse({ content: { 'text/plain': {} } })
  async text() {
    return 'é';
  }

  @Get('text/observable')
  @ApiProduces('text/plain')
  textObservable() {
    return of('é');
  }

  @Get('text/empty')
  @ApiProduces('text/plain')
  emptyText() {
    return '';
  }
}

@Controller('of-class')
@ApiProduces(EVENTS)
@ApiOkResponse({ type: Tick })
class DeclaringController {
  @Get()
  ticks() {
    return from(TICKS);
  }

  @Get('own')
  @ApiOkResponse({ content: { [LINES]: {} } })
  own() {
    return from(TICKS);
  }
}

@Controller('status')
class StatusController {
  @Post('created')
  @ApiNDJSONResponse({ type: Tick })
  created() {
    return from(TICKS);
  }

  @Post('accepted')
  @HttpCode(202)
  @ApiNDJSONResponse({ type: Tick })
  accepted() {
    return from(TICKS);
  }

  @Get('set-by-handler')
  @ApiResponse({ status: '2XX', content: { [LINES]: {} } })
  setByHandler(@Res({ passthrough: true }) reply: { status(code: number): unknown }) {
    reply.status(203);
    return from(TICKS);
  }

  /** Declares its stream for 200 alone. */
  @Get('undeclared')
  @ApiOkResponse({ content: { [LINES]: {} } })
  undeclared(@Res({ passthrough: true }) reply: { status(code: number): unknown }) {
    reply.status(202);
    return TICKS;
  }

  @Post('html')
  @ApiResponse({ status: 201, content: { 'text/html': {} } })
  html() {
    return '<p>';
  }
}

@Controller('whole')
class WholeAnswersController {
  @Get('response')
  @ApiNDJSONResponse({ type: Tick })
  response() {
    return new HTMLResponse('<p>', { statusCode: 203 });
  }

  @Get('promise')
  @ApiNDJSONResponse({ type: Tick })
  async promise() {
    return new JSONResponse({ a: 1 });
  }

  @Get('text')
  @ApiProduces('text/plain')
  text() {
    return new HTMLResponse('<p>');
  }

  @Get('file')
  @ApiProduces(LINES)
  file() {
    return new StreamableFile(Buffer.from('{}\n'), { type: 'application/x-own' });
  }

  @Get('web')
  @ApiProduces(LINES)
  web() {
    return new globalThis.Response('web', { status: 203, headers: { 'x-web': 'yes' } });
  }

  @Get('bytes')
  @ApiProduces(EVENTS)
  @Header('Content-Type', 'application/x-own')
  bytes() {
    return Buffer.from('bytes');
  }
}

@Controller('wrong')
class WrongController {
  @Get(':kind')
  @ApiProduces(LINES)
  wrong(@Param('kind') kind: string): unknown {
    const values: Record<string, unknown> = {
      object: { at: 0 },
      string: 'ticks',
      number: 1,
      null: null,
      undefined: undefined,
    };
    return values[kind];
  }
}

let runs = 0;

class Refusal {
  canActivate() {
    return false;
  }
}

@Controller('negotiated')
class NegotiatedController {
  @Get()
  @ApiServerSentEventResponse({ type: Tick })
  @ApiNDJSONResponse({ type: Tick })
  ticks() {
    return from(TICKS);
  }

  @Get('page')
  @ApiProduces('text/html', 'text/plain')
  page() {
    return 'page';
  }

  @Get('vary')
  @Header('Vary', 'Origin')
  @ApiProduces(LINES, EVENTS)
  vary() {
    return from(TICKS);
  }

  @Get('counted/:number')
  @ApiProduces(LINES, EVENTS)
  counted(@Param('number', { transform: (value: string) => ((runs += 1), value) }) _n: string) {
    runs += 1;
    return from(TICKS);
  }

  @Get('failing')
  @ApiProduces(LINES, EVENTS)
  failing(): unknown {
    throw new NotFoundException();
  }

  @Get('piped/:number')
  @ApiProduces(LINES, EVENTS)
  piped(@Param('number', ParseIntPipe) end: number) {
    return range(0, end);
  }

  @Get('forbidden')
  @UseGuards(new Refusal())
  @ApiProduces(LINES, EVENTS)
  forbidden() {
    return from(TICKS);
  }
}

describe.each(platforms)('mapping on $name', (platform) => {
  it.each([
    'observable',
    'promise',
    'async-generator',
    'generator',
    'array',
    'set',
    'readable',
    'readable-stream',
    'query',
  ])('streams the items of a returned %s', async (source) => {
    const { url } = await start(platform, { controllers: [SourcesController] });
    const answer = await send(`${url}/sources/${source}`);
    expect(answer).toMatchObject({ status: 200, body: AS_LINES, isComplete: true });
    expect(answer.headers['content-type']).toBe(LINES);
    expect(answer.headers['content-length']).toBeUndefined();
  });

  /** The answers to a client that accepts anything, and to one that accepts another type: a single type ignores it. */
  const answersOf = async (path: string) => {
    const { url } = await start(platform, {
      controllers: [
        DeclaredController,
        DeclaringController,
        StatusController,
        WholeAnswersController,
      ],
    });
    const requests = [{}, { accept: '*/*' }, { accept: 'image/png' }].map((headers) =>
      send(`${url}/${path}`, { headers }),
    );
    return Promise.all(requests);
  };

  it.each<[path: string, status: number, contentType: string, body: string]>([
    ['declared/ours/events', 200, EVENTS, AS_EVENTS],
    [
      'declared/ours/named-events',
      200,
      EVENTS,
      AS_EVENTS.replaceAll('data:', 'event: tick\ndata:'),
    ],
    ['declared/produces', 200, EVENTS, AS_EVENTS],
    ['declared/produces/alone', 200, EVENTS, AS_EVENTS],
    ['declared/content', 200, LINES, AS_LINES],
    ['declared/default', 200, LINES, AS_LINES],
    ['declared/class-of-status', 202, LINES, AS_LINES],
    ['declared/jsonl', 200, 'application/jsonl', AS_LINES],
    ['declared/parameters', 200, 'text/event-stream; charset=utf-8', AS_EVENTS],
    ['declared/html', 200, 'text/html; charset=utf-8', '<p>é</p>'],
    ['declared/text', 200, 'text/plain; charset=utf-8', 'é'],
    ['declared/text/observable', 200, 'text/plain; charset=utf-8', 'é'],
    ['declared/text/empty', 200, 'text/plain; charset=utf-8', ''],
    ['of-class', 200, EVENTS, AS_EVENTS],
    ['of-class/own', 200, LINES, AS_LINES],
    ['status/set-by-handler', 203, LINES, AS_LINES],
    ['status/undeclared', 202, 'application/json; charset=utf-8', '[{"at":0},{"at":1}]'],
    ['whole/response', 203, 'text/html; charset=utf-8', '<p>'],
    ['whole/promise', 200, 'application/json', '{"a":1}'],
    ['whole/text', 200, 'text/html; charset=utf-8', '<p>'],
    ['whole/file', 200, 'application/x-own', '{}\n'],
  ])('answers GET %s with %d, %s', async (path, status, contentType, body) => {
    for (const { headers, ...answer } of await answersOf(path)) {
      expect(answer).toMatchObject({ status, body });
      expect(headers['content-type']).toBe(contentType);
      expect(headers.vary).toBeUndefined();
    }
  });

  it.skipIf(isNest11)('leaves a web Response to NestJS 12', async () => {
    for (const { headers, ...answer } of await answersOf('whole/web')) {
      expect(answer).toMatchObject({ status: 203, body: 'web' });
      expect(headers['content-type']).toBe('text/plain;charset=UTF-8');
    }
  });

  it('leaves bytes to Nest', async () => {
    const options = { controllers: [WholeAnswersController] };
    const withModule = await start(platform, options);
    const answer = await send(`${withModule.url}/whole/bytes`);
    // Express writes a Buffer as JSON, as it does without the module.
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/x-own');
  });

  it.each([
    ['created', 201, LINES],
    ['accepted', 202, LINES],
    ['html', 201, 'text/html; charset=utf-8'],
  ])('keeps the own status of POST %s, %d', async (path, status, contentType) => {
    const { url } = await start(platform, { controllers: [StatusController] });
    const answer = await send(`${url}/status/${path}`, { method: 'POST' });
    expect(answer).toMatchObject({ status, headers: { 'content-type': contentType } });
  });

  it("names the routes' own status in the document of swagger", async () => {
    const { app } = await start(platform, { controllers: [StatusController, SourcesController] });
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const { paths } = JSON.parse(JSON.stringify(document)) as typeof document;
    const reference = { schema: { $ref: '#/components/schemas/Tick' } };
    expect(paths['/sources/observable']?.get?.responses).toEqual({
      200: { description: '', content: { [LINES]: reference } },
    });
    expect(paths['/status/created']?.post?.responses).toEqual({
      201: { description: '', content: { [LINES]: reference } },
    });
    expect(paths['/status/accepted']?.post?.responses).toEqual({
      202: { description: '', content: { [LINES]: reference } },
    });
  });

  it.each([
    ['object', 'an object'],
    ['string', 'a string'],
    ['number', 'a number'],
    ['null', 'null'],
    ['undefined', 'undefined'],
  ])('logs a 500 for a stream route that returns %s', async (kind, described) => {
    const logger = new LogCollector();
    const { url } = await start(platform, {
      controllers: [WrongController],
      application: { logger },
    });
    expect(await send(`${url}/wrong/${kind}`)).toMatchObject({
      status: 500,
      body: '{"statusCode":500,"message":"Internal server error"}',
    });
    expect(logger.entries).toEqual([
      expect.stringContaining(
        `WrongController.wrong() declares application/x-ndjson, but returned ${described}. ` +
          'Return an Observable, an iterable or a stream of items.',
      ),
    ]);
  });

  describe('negotiates', () => {
    it.each<[accept: string | undefined, path: string, contentType: string, body: string]>([
      [EVENTS, 'negotiated', EVENTS, AS_EVENTS],
      [LINES, 'negotiated', LINES, AS_LINES],
      ['*/*', 'negotiated', EVENTS, AS_EVENTS],
      [undefined, 'negotiated', EVENTS, AS_EVENTS],
      [`${EVENTS};q=0.1, ${LINES}`, 'negotiated', LINES, AS_LINES],
      ['text/plain', 'negotiated/page', 'text/plain; charset=utf-8', 'page'],
      ['text/html', 'negotiated/page', 'text/html; charset=utf-8', 'page'],
    ])('Accept: %s of GET %s as %s', async (accept, path, contentType, body) => {
      const { url } = await start(platform, { controllers: [NegotiatedController] });
      const answer = await send(`${url}/${path}`, { headers: accept ? { accept } : {} });
      expect(answer).toMatchObject({ status: 200, body });
      expect(answer.headers['content-type']).toBe(contentType);
      expect(answer.headers.vary).toBe('Accept');
    });

    it('without running the handler or its pipes if nothing is acceptable', async () => {
      const { url } = await start(platform, { controllers: [NegotiatedController] });
      runs = 0;
      const answer = await send(`${url}/negotiated/counted/1`, {
        headers: { accept: 'image/png' },
      });
      expect(answer.status).toBe(406);
      expect(JSON.parse(answer.body)).toMatchObject({
        message: 'This route answers application/x-ndjson or text/event-stream.',
      });
      expect(runs).toBe(0);
      await send(`${url}/negotiated/counted/1`, { headers: { accept: LINES } });
      expect(runs).toBe(2);
    });

    it.each<[path: string, accept: string, status: number, vary: string]>([
      ['negotiated', 'image/png', 406, 'Accept'],
      ['negotiated/vary', LINES, 200, 'Origin, Accept'],
      ['negotiated/vary', 'image/png', 406, 'Accept'],
      ['negotiated/failing', LINES, 404, 'Accept'],
      ['negotiated/piped/x', LINES, 400, 'Accept'],
    ])('GET %s for %s: %d varies by %s', async (path, accept, status, vary) => {
      const { url } = await start(platform, { controllers: [NegotiatedController] });
      const answer = await send(`${url}/${path}`, { headers: { accept } });
      expect(answer).toMatchObject({ status, headers: { vary } });
    });

    it('after the guards', async () => {
      const { url } = await start(platform, { controllers: [NegotiatedController] });
      const answer = await send(`${url}/negotiated/forbidden`, {
        headers: { accept: 'image/png' },
      });
      expect(answer.status).toBe(403);
    });
  });

  it('answers HEAD with the head of GET, without starting the source', async () => {
    let subscriptions = 0;
    @Controller()
    class TicksController {
      @Get()
      @ApiNDJSONResponse({ type: Tick })
      async *ticks() {
        subscriptions += 1;
        yield* TICKS;
      }
    }
    const { url } = await start(platform, { controllers: [TicksController] });
    const answer = await send(url, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'content-type': LINES } });
    expect(subscriptions).toBe(0);
  });
});
