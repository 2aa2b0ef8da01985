import { decode, encode } from '@msgpack/msgpack';
import {
  Controller,
  Get,
  Param,
  ParseIntPipe,
  UseInterceptors,
  type CallHandler,
  type NestInterceptor,
} from '@nestjs/common';
import {
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  DocumentBuilder,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { from, map, Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  APIResponse,
  ApiNegotiatedResponse,
  ApiJSONResponse,
  BufferedResponse,
  NDJSONResponse,
  ServerSentEvent,
  setupOpenAPI,
  StreamingResponse,
  type RepresentationOptions,
  type ResponsesModuleOptions,
  type StreamContent,
} from '../../src/index.js';
import { CSVResponse } from '../recipes/csv-response/csv-response.js';
import { MessagePackResponse } from '../recipes/message-pack-response/message-pack-response.js';
import { deferred } from '../support/deferred.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { request, type Answer } from '../support/request.js';

const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson';
const EVENTS = 'text/event-stream';
const CSV = 'text/csv';
const PACKED = 'application/vnd.msgpack';
const ALL = [JSON_TYPE, LINES, EVENTS, CSV, PACKED] as const;

class Puppy {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;
}

const puppySchema = z.object({ id: z.number(), name: z.string() });

/** With a property that no declaration names. */
const PUPPIES = [
  { id: 1, name: 'Rex', password: 'hunter2' },
  { id: 2, name: 'Zoë, "the 2nd"', password: 'hunter3' },
];
const DECLARED = PUPPIES.map(({ id, name }) => ({ id, name }));

async function* generate<TItem>(items: readonly TItem[]): AsyncGenerator<TItem> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

function* generateAtOnce<TItem>(items: readonly TItem[]): Generator<TItem> {
  yield* items;
}

const sources = {
  array: () => PUPPIES,
  observable: () => from(PUPPIES),
  'async-generator': () => generate(PUPPIES),
  generator: () => generateAtOnce(PUPPIES),
  readable: () => Readable.from(PUPPIES),
  'promised-generator': async () => generate(PUPPIES),
  set: () => new Set(PUPPIES).values(),
} satisfies Record<string, () => unknown>;

type Source = keyof typeof sources;
const names = Object.keys(sources) as Source[];

let runs = 0;

@Controller()
class NegotiatedController {
  @Get('ours/:source')
  @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ALL })
  ours(@Param('source') source: Source) {
    return sources[source]() as Puppy[];
  }

  @Get('swagger/:source')
  @ApiProduces(...ALL)
  @ApiOkResponse({ type: [Puppy] })
  swagger(@Param('source') source: Source): unknown {
    return sources[source]();
  }

  @Get('zod/:source')
  @ApiNegotiatedResponse({ standardSchema: z.array(puppySchema), mediaTypes: ALL })
  zod(@Param('source') source: Source) {
    return sources[source]() as Puppy[];
  }

  @Get('counted/:id')
  @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ALL })
  counted(@Param('id', ParseIntPipe) _id: number): Puppy[] {
    runs += 1;
    return [];
  }
}

const bodies: readonly (readonly [mediaType: string, contentType: string, body: Buffer])[] = [
  [JSON_TYPE, 'application/json', Buffer.from(JSON.stringify(DECLARED))],
  [
    LINES,
    'application/x-ndjson',
    Buffer.from(DECLARED.map((puppy) => `${JSON.stringify(puppy)}\n`).join('')),
  ],
  [
    EVENTS,
    'text/event-stream',
    Buffer.from(DECLARED.map((puppy) => `data: ${JSON.stringify(puppy)}\n\n`).join('')),
  ],
  [CSV, 'text/csv; charset=utf-8', Buffer.from('id,name\r\n1,Rex\r\n2,"Zoë, ""the 2nd"""\r\n')],
  [PACKED, 'application/vnd.msgpack', Buffer.from(encode(DECLARED))],
];

const RESPONSES: ResponsesModuleOptions = { responses: [CSVResponse, MessagePackResponse] };

const get = (url: string, accept?: string): Promise<Answer> =>
  request(url, accept === undefined ? {} : { headers: { accept } });

const startNegotiated = (platform: Platform, options: ResponsesModuleOptions = {}) =>
  start(platform, {
    controllers: [NegotiatedController],
    responses: { ...RESPONSES, ...options },
  });

describe.each(platforms)('One handler on $name', (platform) => {
  describe.each(['ours', 'swagger', 'zod'])('declared by %s', (by) => {
    it.each(names)('answers %s in each declared media type', async (source) => {
      const { url } = await startNegotiated(platform);
      for (const [mediaType, contentType, body] of bodies) {
        const answer = await get(`${url}/${by}/${source}`, mediaType);
        expect(answer.status).toBe(200);
        expect(answer.headers['content-type']).toBe(contentType);
        expect(answer.headers.vary).toBe('Accept');
        expect(answer.body).toEqual(body);
        expect(answer.isComplete).toBe(true);
      }
    });
  });

  it.each<[accept: string | undefined, mediaType: string]>([
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['text/*', EVENTS],
    ['text/csv, application/json', JSON_TYPE],
    ['application/json;q=0.4, text/csv;q=0.5', CSV],
    ['application/*;q=0.1, application/x-ndjson', LINES],
    ['application/json;q=0, */*', LINES],
    ['text/csv;header=present, application/json;q=0.9', JSON_TYPE],
    ['text/csv; charset=utf-8', CSV],
    ['text/html, application/vnd.msgpack;q=0.2', PACKED],
  ])('negotiates Accept: %s', async (accept, mediaType) => {
    const { url } = await startNegotiated(platform);
    const { status, headers } = await get(`${url}/ours/array`, accept);
    expect([status, headers['content-type']?.split(';')[0]]).toEqual([200, mediaType]);
  });

  it('responds with 406 before pipes and handler run', async () => {
    const { url } = await startNegotiated(platform);
    runs = 0;
    const { status, headers, body } = await get(`${url}/counted/one`, 'image/png, */*;q=0');
    expect([status, headers.vary, runs]).toEqual([406, 'Accept', 0]);
    expect(String(body)).toContain(`This route answers ${ALL.join(' or ')}.`);
    expect((await get(`${url}/counted/one`, JSON_TYPE)).status).toBe(400);
    expect((await get(`${url}/counted/1`, JSON_TYPE)).status).toBe(200);
    expect(runs).toBe(1);
  });

  it.each([
    [JSON_TYPE, '[]'],
    [LINES, ''],
    [EVENTS, ''],
    [CSV, ''],
    [PACKED, String.fromCharCode(0x90)],
  ])('answers an empty source as %s', async (mediaType, body) => {
    @Controller()
    class EmptyController {
      @Get()
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ALL })
      empty(): Observable<Puppy> {
        return from([]);
      }
    }
    const { url } = await start(platform, { controllers: [EmptyController], responses: RESPONSES });
    const answer = await get(url, mediaType);
    expect([answer.status, answer.body.toString('latin1')]).toEqual([200, body]);
  });
});

describe.each(platforms)('A source that fails on $name', (platform) => {
  @Controller()
  class FailingController {
    @Get('thrown')
    @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ALL })
    async *thrown(): AsyncGenerator<Puppy> {
      yield* PUPPIES;
      throw new Error('the source broke');
    }

    @Get('wrong')
    @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ALL })
    wrong(): Observable<Puppy> {
      return from([...PUPPIES, { id: 'three' as unknown as number, name: 'Lux' }]);
    }

    @Get('wrong/array')
    @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ALL })
    wrongArray(): Puppy[] {
      return [...PUPPIES, { id: 'three' as unknown as number, name: 'Lux' }];
    }
  }

  const startFailing = (options: ResponsesModuleOptions = {}) => {
    const logger = new LogCollector();
    return start(platform, {
      controllers: [FailingController],
      responses: { ...RESPONSES, ...options },
      application: { logger },
    }).then((application) => ({ ...application, logger }));
  };

  it.each(['thrown', 'wrong'])(
    'cuts the JSON body, never leaving a valid shorter array: %s',
    async (path) => {
      const { url } = await startFailing();
      const { body, isComplete } = await get(`${url}/${path}`, JSON_TYPE);
      expect(isComplete).toBe(false);
      expect(() => JSON.parse(String(body)) as unknown).toThrow(SyntaxError);
    },
  );

  it.each(['thrown', 'wrong'])('cuts the CSV body: %s', async (path) => {
    const { url } = await startFailing();
    expect((await get(`${url}/${path}`, CSV)).isComplete).toBe(false);
  });

  it.each([
    ['thrown', PACKED],
    ['wrong', PACKED],
    ['wrong/array', PACKED],
    ['wrong/array', JSON_TYPE],
  ])('answers a whole value with a 500: %s as %s', async (path, mediaType) => {
    const { url, logger } = await startFailing();
    const { status, body } = await get(`${url}/${path}`, mediaType);
    expect(status).toBe(500);
    expect(String(body)).not.toContain('three');
    expect(logger.entries.join()).toMatch(/the source broke|\[2\]\.id must be number/);
  });

  it.each([JSON_TYPE, LINES, CSV, PACKED])("is sent and logged with 'warn' as %s", async (type) => {
    const { url, logger } = await startFailing({ validation: 'warn' });
    const { status, isComplete, body } = await get(`${url}/wrong`, type);
    expect([status, isComplete]).toEqual([200, true]);
    expect(String(body)).toContain('three');
    expect(String(body)).toContain('hunter2');
    expect(logger.entries.join()).toContain('id must be number');
    expect(logger.entries.join()).toContain('password is not declared');
  });

  it.each([JSON_TYPE, LINES, CSV, PACKED])("is sent with 'off' as %s", async (type) => {
    const { url, logger } = await startFailing({ validation: 'off' });
    const { status, body } = await get(`${url}/wrong`, type);
    expect(status).toBe(200);
    expect(String(body)).toContain('hunter2');
    expect(logger.entries).toEqual([]);
  });
});

describe.each(platforms)('A representation on $name', (platform) => {
  it('gets the result of toJSON(), regardless of the validation', async () => {
    class Entity {
      constructor(
        readonly id: number,
        readonly password: string,
      ) {}

      toJSON() {
        return { id: this.id, name: `Puppy ${this.id}` };
      }
    }

    @Controller()
    class EntitiesController {
      @Get('class')
      @ApiProduces(PACKED, CSV)
      @ApiOkResponse({ type: [Puppy] })
      list(): Entity[] {
        return [new Entity(1, 'hunter2')];
      }

      @Get('zod')
      @ApiNegotiatedResponse({ standardSchema: z.array(z.any()), mediaTypes: [PACKED, CSV] })
      zod(): Entity[] {
        return [new Entity(1, 'hunter2')];
      }
    }
    for (const validation of ['error', 'warn', 'off'] as const) {
      const { url } = await start(platform, {
        controllers: [EntitiesController],
        responses: { ...RESPONSES, validation },
      });
      for (const path of ['class', 'zod']) {
        const packed = await get(`${url}/${path}`, PACKED);
        expect(decode(packed.body)).toEqual([{ id: 1, name: 'Puppy 1' }]);
        const { body } = await get(`${url}/${path}`, CSV);
        expect(String(body)).toBe('id,name\r\n1,Puppy 1\r\n');
      }
    }
  });

  it('gets declared items if it transforms its source', async () => {
    class NamesResponse extends StreamingResponse<string> {
      static readonly mediaTypes = ['text/x-names'];

      static from(puppies: StreamContent<Puppy>, options: RepresentationOptions): NamesResponse {
        return new NamesResponse(namesOf(puppies as AsyncIterable<Puppy>), options);
      }

      encode(line: string): string {
        return line;
      }
    }
    async function* namesOf(puppies: AsyncIterable<Puppy>): AsyncGenerator<string> {
      for await (const puppy of puppies) {
        yield `${Object.keys(puppy).join('+')} ${puppy.name}\n`;
      }
    }

    @Controller()
    class NamesController {
      @Get()
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ['text/x-names'] })
      list(): AsyncGenerator<Puppy> {
        return generate(PUPPIES);
      }
    }
    const { url } = await start(platform, {
      controllers: [NamesController],
      responses: { responses: [NamesResponse] },
    });
    expect(String((await get(url)).body)).toBe('id+name Rex\nid+name Zoë, "the 2nd"\n');
  });

  it('gets the data of events', async () => {
    @Controller()
    class EventsController {
      @Get()
      @ApiProduces(EVENTS, CSV)
      @ApiOkResponse({ type: Puppy })
      list(): Observable<unknown> {
        return from([
          new ServerSentEvent({ comment: 'heartbeat' }),
          ...PUPPIES.map((data, index) => new ServerSentEvent({ data, id: String(index) })),
        ]);
      }
    }
    const { url } = await start(platform, {
      controllers: [EventsController],
      responses: RESPONSES,
    });
    expect(String((await get(url, CSV)).body)).toBe(String(bodies[3]?.[2]));
    expect(String((await get(url, EVENTS)).body)).toContain('id: 1\ndata: {"id":2');
  });

  it('stops the source that it collects if the client disconnects', async () => {
    const started = deferred();
    const stopped = deferred();

    @Controller()
    class QuietController {
      @Get()
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: [PACKED] })
      quiet(): Observable<Puppy> {
        return new Observable(() => {
          started.resolve();
          return () => stopped.resolve();
        });
      }
    }
    const logger = new LogCollector();
    const { url } = await start(platform, {
      controllers: [QuietController],
      responses: RESPONSES,
      application: { logger },
    });
    const controller = new AbortController();
    const answer = fetch(url, { signal: controller.signal });
    await started.promise;
    controller.abort();
    await expect(answer).rejects.toThrow('aborted');
    await stopped.promise;
    expect(logger.entries).toEqual([]);
  });

  it('can represent a value that is not a list', async () => {
    @Controller()
    class PuppyController {
      @Get('value')
      @ApiNegotiatedResponse({ type: Puppy, mediaTypes: [JSON_TYPE, PACKED] })
      value(): Puppy {
        return PUPPIES[0] as Puppy;
      }

      @Get('observable')
      @ApiNegotiatedResponse({ type: Puppy, mediaTypes: [JSON_TYPE, PACKED] })
      observable(): Observable<Puppy> {
        return of(PUPPIES[0] as Puppy);
      }

      @Get('async')
      @ApiNegotiatedResponse({
        standardSchema: puppySchema.refine(async () => true),
        mediaTypes: [JSON_TYPE, PACKED],
      })
      promise(): Puppy {
        return PUPPIES[0] as Puppy;
      }
    }
    const { url } = await start(platform, {
      controllers: [PuppyController],
      responses: RESPONSES,
    });
    for (const path of ['value', 'observable', 'async']) {
      expect(decode((await get(`${url}/${path}`, PACKED)).body)).toEqual(DECLARED[0]);
      expect(JSON.parse(String((await get(`${url}/${path}`)).body))).toEqual(DECLARED[0]);
    }
  });

  it('is created after interceptors for a whole value, and before them for a stream', async () => {
    class UpperCaseInterceptor implements NestInterceptor {
      intercept(_context: unknown, next: CallHandler<unknown>): Observable<unknown> {
        return next
          .handle()
          .pipe(
            map((value) =>
              Array.isArray(value)
                ? value.map((puppy: Puppy) => ({ id: puppy.id, name: puppy.name.toUpperCase() }))
                : value,
            ),
          );
      }
    }

    @Controller()
    @UseInterceptors(UpperCaseInterceptor)
    class InterceptedController {
      @Get()
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ALL })
      list(): Observable<Puppy> {
        return from(PUPPIES.slice(0, 1));
      }
    }
    const { url } = await start(platform, {
      controllers: [InterceptedController],
      responses: RESPONSES,
    });
    expect(decode((await get(url, PACKED)).body)).toEqual([{ id: 1, name: 'REX' }]);
    expect(String((await get(url, JSON_TYPE)).body)).toBe('[{"id":1,"name":"Rex"}]');
    expect(String((await get(url, LINES)).body)).toBe('{"id":1,"name":"Rex"}\n');
  });

  it('keeps an Observable of one array as a whole value', async () => {
    @Controller()
    class ArraysController {
      @Get('ours')
      @ApiJSONResponse({ type: [Puppy] })
      ours(): Observable<Puppy[]> {
        return of(PUPPIES);
      }

      @Get('swagger')
      @ApiOkResponse({ type: [Puppy] })
      swagger(): Observable<Puppy[]> {
        return of(PUPPIES);
      }

      @Get('generator')
      @ApiOkResponse({ type: [Puppy] })
      generator(): AsyncGenerator<Puppy> {
        return generate(PUPPIES);
      }

      @Get('problem')
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ['application/vnd.acme+json'] })
      suffix(): AsyncGenerator<Puppy> {
        return generate(PUPPIES);
      }
    }
    const { url } = await start(platform, { controllers: [ArraysController] });
    for (const path of ['ours', 'swagger', 'generator', 'problem']) {
      const { body, headers } = await get(`${url}/${path}`);
      expect(String(body)).toBe(JSON.stringify(DECLARED));
      expect(headers['content-type']).toContain('json');
    }
  });
});

describe.each(platforms)('The document on $name', (platform) => {
  const item = { $ref: '#/components/schemas/Puppy' };
  const list = { type: 'array', items: item };
  const text = { contentMediaType: 'application/json', contentSchema: item };

  it.each(['ours', 'swagger'])(
    'describes every media type of a list declared by %s',
    async (by) => {
      const contents = [];
      for (const version of ['3.0.4', '3.1.1', '3.2.0']) {
        let document: OpenAPIObject | undefined;
        await start(platform, {
          controllers: [NegotiatedController],
          responses: RESPONSES,
          configure: (app) => {
            document = setupOpenAPI(app, {
              path: '/schema/',
              document: new DocumentBuilder().setOpenAPIVersion(version).build(),
            });
          },
        });
        const { responses } = document?.paths[`/${by}/{source}`]?.get ?? {};
        contents.push((responses?.['200'] as { content: object } | undefined)?.content);
      }
      const before32 = {
        [JSON_TYPE]: { schema: list },
        [LINES]: { schema: list },
        [EVENTS]: { schema: item },
        [CSV]: { schema: list },
        [PACKED]: { schema: list },
      };
      expect(contents).toMatchObject([
        before32,
        before32,
        {
          [JSON_TYPE]: { schema: list },
          [LINES]: { itemSchema: item },
          [EVENTS]: { itemSchema: { properties: { data: text } } },
          [CSV]: { itemSchema: item },
          [PACKED]: { schema: list },
        },
      ]);
    },
  );
});

describe.each(platforms)('A registered class on $name', (platform) => {
  class EnvelopeResponse extends BufferedResponse {
    static readonly mediaTypes = ['application/json'];

    static from(content: unknown, options: RepresentationOptions): EnvelopeResponse {
      return new EnvelopeResponse(content, options);
    }

    override readonly mediaType = 'application/json';

    render(): string {
      return JSON.stringify({ data: this.content });
    }
  }

  class IndentedLinesResponse extends NDJSONResponse {
    static override readonly mediaTypes = ['application/x-ndjson'];

    override encode(item: unknown): string {
      return `> ${JSON.stringify(item)}\n`;
    }
  }

  it('replaces a built-in one', async () => {
    const { url } = await startNegotiated(platform, {
      responses: [EnvelopeResponse, IndentedLinesResponse, CSVResponse, MessagePackResponse],
    });
    for (const source of names) {
      const { body } = await get(`${url}/ours/${source}`, JSON_TYPE);
      expect(String(body)).toBe(JSON.stringify({ data: DECLARED }));
    }
    expect(String((await get(`${url}/ours/array`, LINES)).body)).toBe(
      DECLARED.map((puppy) => `> ${JSON.stringify(puppy)}\n`).join(''),
    );
  });

  it('belongs to its application only', async () => {
    const replaced = await startNegotiated(platform, {
      responses: [EnvelopeResponse, CSVResponse, MessagePackResponse],
    });
    const { url } = await startNegotiated(platform);
    expect(String((await get(`${url}/ours/array`, JSON_TYPE)).body)).toBe(JSON.stringify(DECLARED));
    expect(String((await get(`${replaced.url}/ours/array`, JSON_TYPE)).body)).toBe(
      JSON.stringify({ data: DECLARED }),
    );
  });

  class OtherCSVResponse extends CSVResponse<object> {}

  it('fails at start-up beside another class for its media type', async () => {
    await expect(
      startNegotiated(platform, { responses: [CSVResponse, OtherCSVResponse] }),
    ).rejects.toThrow('CSVResponse and OtherCSVResponse both answer "text/csv".');
  });

  it('fails at start-up if no class answers a declared media type', async () => {
    await expect(startNegotiated(platform, { responses: [] })).rejects.toThrow(
      'NegotiatedController.ours() declares text/csv and application/vnd.msgpack, which no response class answers. ' +
        'Register one: ResponsesModule.forRoot({ responses: [...] }).',
    );
  });

  it('is not required for media types that handlers answer themselves', async () => {
    @Controller()
    class BytesController {
      @Get()
      @ApiProduces('image/png')
      @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
      image(): APIResponse {
        return new APIResponse('pixels', { schema: { type: 'string' }, mediaType: 'image/png' });
      }
    }
    const { url } = await start(platform, { controllers: [BytesController] });
    expect((await get(url)).status).toBe(200);
  });
});
