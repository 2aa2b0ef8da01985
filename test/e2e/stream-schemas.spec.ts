import { Controller, Get, HttpCode, type Type } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiSchema,
  type ContentObject,
  type OpenAPIObject,
  type ResponseObject,
} from '@nestjs/swagger';
import { EMPTY, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ApiErrorResponse,
  ApiJSONResponse,
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  ApiStreamResponse,
  setupOpenAPI,
} from '../../src/index.js';
import { documentOf, versions } from '../support/openapi-documents.js';
import { platforms, start, type Platform } from '../support/platforms.js';

class Tick {
  @ApiProperty()
  i!: number;
}

@ApiSchema({ name: 'TheEnd' })
class Done {
  @ApiProperty()
  total!: number;
}

type Decorate = (target: object, key: string, descriptor: PropertyDescriptor) => unknown;

async function documentOfRoute(
  version: string,
  ...decorators: Decorate[]
): Promise<{ content: NonNullable<ResponseObject['content']>; document: OpenAPIObject }> {
  class RouteController {
    route(): Observable<never> {
      return EMPTY;
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(RouteController.prototype, 'route');
  for (const decorate of [...decorators, Get('route')]) {
    decorate(RouteController.prototype, 'route', descriptor as PropertyDescriptor);
  }
  Controller()(RouteController as Type);
  let document: OpenAPIObject | undefined;
  await start(platforms[0] as Platform, {
    controllers: [RouteController],
    configure: (app) => {
      document = setupOpenAPI(app, { path: '/schema/', document: documentOf(version) });
    },
  });
  const plain = JSON.parse(JSON.stringify(document)) as OpenAPIObject;
  const response = plain.paths['/route']?.get?.responses[200] as ResponseObject;
  return { content: response.content ?? {}, document: plain };
}

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({
  type: 'string',
  contentMediaType: 'application/json',
  contentSchema: schema,
});
const event = (data: object) => ({
  type: 'object',
  required: ['data'],
  properties: {
    event: { type: 'string' },
    data,
    id: { type: 'string' },
    retry: { type: 'integer', minimum: 0 },
  },
});
const named = (name: string, data: object, form: object = { const: name }) => ({
  title: name,
  type: 'object',
  required: ['event', 'data'],
  properties: { ...event(data).properties, event: { type: 'string', ...form } },
});

describe('a stream in the document', () => {
  it.each([
    {
      stream: 'lines of a class',
      decorate: ApiNDJSONResponse({ type: Tick }) as Decorate,
      mediaType: 'application/x-ndjson',
      itemSchema: refTo('Tick'),
    },
    {
      stream: 'lines of lists of a class',
      decorate: ApiNDJSONResponse({ type: [Tick] }) as Decorate,
      mediaType: 'application/x-ndjson',
      itemSchema: { type: 'array', items: refTo('Tick') },
    },
    {
      stream: 'events of a class',
      decorate: ApiServerSentEventResponse({ type: Tick }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: event(json(refTo('Tick'))),
    },
    {
      stream: 'named events',
      decorate: ApiServerSentEventResponse({ events: { tick: Tick, done: Done } }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: {
        oneOf: [named('tick', json(refTo('Tick'))), named('done', json(refTo('TheEnd')))],
      },
    },
    {
      stream: 'one named event',
      decorate: ApiServerSentEventResponse({ events: { tick: Number } }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: { oneOf: [named('tick', json({ type: 'number' }))] },
    },
    {
      stream: 'events of text, which is no JSON',
      decorate: ApiServerSentEventResponse({ schema: { type: 'string', enum: ['a'] } }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: event({ type: 'string', enum: ['a'] }),
    },
    {
      stream: 'events of text or null',
      decorate: ApiServerSentEventResponse({ type: String, nullable: true }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: event({ type: 'string' }),
    },
    {
      stream: 'events of dates, whose JSON is text',
      decorate: ApiServerSentEventResponse({ type: Date }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: event({ type: 'string', format: 'date-time' }),
    },
    {
      stream: 'events that are messages, be they called so or not',
      decorate: ApiServerSentEventResponse({ events: { message: Tick } }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: { oneOf: [{ ...named('message', json(refTo('Tick'))), required: ['data'] }] },
    },
    {
      stream: 'events of anything',
      decorate: ApiServerSentEventResponse() as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: event({ type: 'string' }),
    },
    {
      stream: 'events of a Standard Schema',
      decorate: ApiServerSentEventResponse({
        standardSchema: z.object({ i: z.number().gt(0) }),
      }) as Decorate,
      mediaType: 'text/event-stream',
      itemSchema: event(
        json({
          type: 'object',
          properties: { i: { type: 'number', exclusiveMinimum: 0 } },
          required: ['i'],
          additionalProperties: false,
        }),
      ),
    },
  ])('has an itemSchema in OpenAPI 3.2: $stream', async (declared) => {
    const { content, document } = await documentOfRoute('3.2.0', declared.decorate);
    expect(content).toEqual({ [declared.mediaType]: { itemSchema: declared.itemSchema } });
    for (const [, name] of JSON.stringify(content).matchAll(/schemas\/(\w+)/g)) {
      expect(document.components?.schemas).toHaveProperty(name as string);
    }
  });

  it.each(versions)(
    'has the same schema in both of its media types, in OpenAPI %s',
    async (version) => {
      const { content } = await documentOfRoute(
        version,
        ApiStreamResponse({ type: Tick }) as Decorate,
      );
      const lines = await documentOfRoute(version, ApiNDJSONResponse({ type: Tick }) as Decorate);
      const events = await documentOfRoute(
        version,
        ApiServerSentEventResponse({ type: Tick }) as Decorate,
      );
      expect(content).toEqual({ ...lines.content, ...events.content });
      expect(Object.keys(content)).toEqual(['application/x-ndjson', 'text/event-stream']);
    },
  );

  it.each(['3.0.4', '3.1.1'])(
    'has the schema of the data of its events in OpenAPI %s',
    async (version) => {
      const options = [{ type: Tick }, { events: { tick: Tick, note: String } }, {}];
      const schemas = [];
      for (const declared of options) {
        const { content } = await documentOfRoute(
          version,
          ApiServerSentEventResponse({ ...declared, example: { i: 0 } }) as Decorate,
        );
        schemas.push(content);
      }
      const example = { i: 0 };
      expect(schemas).toEqual([
        { 'text/event-stream': { schema: refTo('Tick'), example } },
        {
          'text/event-stream': { schema: { oneOf: [refTo('Tick'), { type: 'string' }] }, example },
        },
        { 'text/event-stream': { schema: { type: 'string' }, example } },
      ]);
    },
  );

  it.each(['3.0.4', '3.1.1'])(
    'has one option for events of the same data in OpenAPI %s',
    async (version) => {
      const { content } = await documentOfRoute(
        version,
        ApiServerSentEventResponse({
          events: { created: Tick, note: String, updated: Tick },
        }) as Decorate,
      );
      expect(content).toEqual({
        'text/event-stream': { schema: { oneOf: [refTo('Tick'), { type: 'string' }] } },
      });
    },
  );

  it.each<[string, Record<string, object>]>([
    ['a class', { tick: Tick }],
    ['a Standard Schema', { tick: z.object({ i: z.number() }).meta({ id: 'Tick' }) }],
  ])('names the data of an event declared by %s', async (_, events) => {
    const { content } = await documentOfRoute(
      '3.2.0',
      ApiServerSentEventResponse({ events }) as Decorate,
    );
    expect(content).toEqual({
      'text/event-stream': { itemSchema: { oneOf: [named('tick', json(refTo('Tick')))] } },
    });
  });

  it('has the data of an event declared by a Schema Object', async () => {
    const data = { type: 'object', properties: { i: { type: 'integer' } } };
    const { content } = await documentOfRoute(
      '3.2.0',
      ApiServerSentEventResponse({ events: { tick: data } }) as Decorate,
    );
    expect(content).toEqual({
      'text/event-stream': { itemSchema: { oneOf: [named('tick', json(data))] } },
    });
  });

  it.each(versions)('is documented by only @ApiProduces(), in OpenAPI %s', async (version) => {
    const { content } = await documentOfRoute(
      version,
      ApiProduces('text/event-stream', 'text/html') as Decorate,
    );
    expect(Object.keys(content)).toEqual(['text/event-stream', 'text/html']);
    expect(JSON.stringify(content['text/event-stream'])).toContain('{"type":"string"}');
  });

  it("is recognised by its media type if swagger's own decorators declare it", async () => {
    const { content } = await documentOfRoute(
      '3.2.0',
      ApiOkResponse({ type: Tick }) as Decorate,
      ApiProduces('application/jsonl', 'text/event-stream', 'application/json') as Decorate,
    );
    expect(content).toEqual({
      'application/jsonl': { itemSchema: refTo('Tick') },
      'text/event-stream': { itemSchema: event(json(refTo('Tick'))) },
      'application/json': { schema: refTo('Tick') },
    });
  });

  it('keeps an itemSchema that was written by hand', async () => {
    // Swagger's types do not know it.
    const written: ContentObject = { 'text/event-stream': {} };
    Object.assign(written['text/event-stream'] as object, { itemSchema: { type: 'object' } });
    const { content } = await documentOfRoute(
      '3.2.0',
      ApiOkResponse({ content: written }) as Decorate,
    );
    expect(content).toEqual(written);
  });

  it('has the given examples of its items', async () => {
    const { content } = await documentOfRoute(
      '3.2.0',
      ApiStreamResponse({ type: Tick, examples: { first: { value: { i: 0 } } } }) as Decorate,
    );
    expect(content).toMatchObject({
      'application/x-ndjson': { examples: { first: { value: [{ i: 0 }] } } },
      'text/event-stream': { examples: { first: { value: [{ data: '{"i":0}' }] } } },
    });
  });
});

describe('the options of a decorator', () => {
  const frozen = <TOptions extends object>(options: TOptions): TOptions => {
    Object.values(options).forEach((value: unknown) => {
      if (typeof value === 'object' && value !== null) {
        frozen(value);
      }
    });
    return Object.freeze(options);
  };
  const shared = {
    description: 'Shared.',
    headers: { 'X-A': { schema: { type: 'string', nullable: true } } },
    examples: { a: { value: {} } },
  } as const;

  it.each(versions)('are never modified, in OpenAPI %s', async (version) => {
    const schema = {
      schema: { type: 'object', properties: { a: { type: 'string', nullable: true } } },
    };
    const decorators = [
      ApiJSONResponse(frozen({ ...structuredClone(shared), ...schema })),
      ApiNDJSONResponse(
        frozen({ ...structuredClone(shared), ...structuredClone(schema), status: 202 as const }),
      ),
      ApiErrorResponse(frozen({ ...structuredClone(shared), status: 404 as const })),
    ] as Decorate[];
    const { document } = await documentOfRoute(version, ...decorators);
    expect(Object.keys(document.paths['/route']?.get?.responses ?? {})).toEqual([
      '200',
      '202',
      '404',
    ]);
  });

  it("must set both of two statuses if one is not the route's own", async () => {
    const own = ApiJSONResponse({ type: Tick }) as Decorate;
    const ok = ApiJSONResponse({ status: 200, type: Done }) as Decorate;
    await expect(documentOfRoute('3.2.0', own, ok, HttpCode(201) as Decorate)).rejects.toThrow(
      'RouteController.route() declares a response for 200, and one without a status, which means 201.',
    );
    const created = ApiJSONResponse({ status: 201, type: Tick }) as Decorate;
    const { document } = await documentOfRoute('3.2.0', created, ok, HttpCode(201) as Decorate);
    expect(document.paths['/route']?.get?.responses).toMatchObject({
      200: { content: { 'application/json': { schema: refTo('TheEnd') } } },
      201: { content: { 'application/json': { schema: refTo('Tick') } } },
    });
  });

  it.each([
    [{ type: Tick, schema: {} }, 'one of "type" and "schema"'],
    [{ events: { tick: Tick }, type: Tick }, 'one of "type" and "events"'],
    [{ schema: {}, isArray: true }, '"isArray" and "nullable" require "type"'],
    [{ standardSchema: z.string(), nullable: true }, '"isArray" and "nullable" require "type"'],
  ])('must not contradict each other: %o', (options, message) => {
    expect(() => ApiServerSentEventResponse(options)).toThrow(message);
  });
});
