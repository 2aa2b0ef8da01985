import {
  Controller,
  Get,
  Module,
  RequestMethod,
  Sse,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  ApiIncludeEndpoint,
  ApiOkResponse,
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  describeStreams,
  setupOpenAPI,
  type OpenAPISetup,
} from '../../src/index.js';
import {
  EveryBufferedController,
  EveryStreamController,
  Puppy,
  Tick,
} from '../support/openapi-application.js';
import { documentOf } from '../support/openapi-documents.js';
import { platforms, start, type Platform, type StartOptions } from '../support/platforms.js';
import { send } from '../support/send.js';

@Controller('puppies')
class PuppiesController {
  @Get()
  @ApiNDJSONResponse({ type: Puppy })
  puppies(): Observable<Puppy> {
    return of({ id: 1, name: 'Rex', owner: null });
  }

  @Get('undecorated')
  undecorated(): string {
    return 'nothing is declared';
  }
}

@Controller('ticks')
class TicksController {
  @Get()
  @ApiIncludeEndpoint()
  @ApiServerSentEventResponse({ events: { tick: Tick } })
  ticks(): Observable<never> {
    return of();
  }
}

@Module({ controllers: [PuppiesController] })
class PuppiesModule {}

@Module({ controllers: [TicksController] })
class TicksModule {}

const modules = { imports: [PuppiesModule, TicksModule] };
const document = documentOf('3.2.0');

interface Started {
  readonly url: string;
  readonly documents: readonly OpenAPIObject[];
}

async function startWith(
  platform: Platform,
  setups: readonly Partial<OpenAPISetup>[],
  { configure, ...options }: StartOptions = modules,
): Promise<Started> {
  const documents: OpenAPIObject[] = [];
  const { url } = await start(platform, {
    ...options,
    configure: (app) => {
      configure?.(app);
      documents.push(
        ...setups.map((setup) => setupOpenAPI(app, { path: '/schema/', document, ...setup })),
      );
    },
  });
  return { url, documents };
}

const OPENAPI_JSON = 'application/vnd.oai.openapi+json';

describe.each(platforms)('setupOpenAPI() on $name', (platform) => {
  it.each(['/schema/', '/schema'])('serves the document that it returns at %s', async (path) => {
    const { url, documents } = await startWith(platform, [{}]);
    const { status, headers, body } = await send(url + path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(OPENAPI_JSON);
    expect(headers['vary']).toContain('Accept');
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(documents[0])));
  });

  it.each(['schema', '/schema', 'schema/'])('accepts %s as the same path', async (path) => {
    const { url } = await startWith(platform, [{ path }]);
    expect((await send(`${url}/schema/`)).status).toBe(200);
    expect((await send(`${url}/schema.yaml`)).status).toBe(200);
  });

  it('serves both forms of its path if the router ignores the slash', async () => {
    const adapter = new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } });
    const { url } = await startWith(platform, [{}], {
      ...modules,
      ...(platform.name === 'Fastify' && { adapter }),
    });
    expect((await send(`${url}/schema/`)).status).toBe(200);
    expect((await send(`${url}/schema`)).status).toBe(200);
  });

  it.each([
    [undefined, OPENAPI_JSON],
    ['*/*', OPENAPI_JSON],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', OPENAPI_JSON],
    [OPENAPI_JSON, OPENAPI_JSON],
    ['application/json', 'application/json'],
    ['application/yaml', 'application/yaml'],
    ['application/yaml;q=0.9, application/json;q=0.8', 'application/yaml'],
    ['text/yaml', 'text/yaml; charset=utf-8'],
    ['application/vnd.oai.openapi', 'application/vnd.oai.openapi'],
    ['image/png', OPENAPI_JSON],
  ])('answers Accept: %s with %s', async (accept, mediaType) => {
    const { url, documents } = await startWith(platform, [{}]);
    const { headers, body } = await send(`${url}/schema/`, { headers: accept ? { accept } : {} });
    expect(headers['content-type']).toBe(mediaType);
    const read: unknown = /yaml|openapi$/.test(mediaType.split(';', 1)[0] as string)
      ? parse(body)
      : JSON.parse(body);
    expect(read).toEqual(JSON.parse(JSON.stringify(documents[0])));
  });

  it('serves YAML under its own path, regardless of Accept', async () => {
    const { url, documents } = await startWith(platform, [{}]);
    const { status, headers, body } = await send(`${url}/schema.yaml`, {
      headers: { accept: 'application/json' },
    });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/yaml');
    expect(headers['vary'] ?? '').not.toContain('Accept');
    expect(body).toMatch(/^openapi: 3\.2\.0\n/);
    expect(parse(body)).toEqual(JSON.parse(JSON.stringify(documents[0])));
  });

  it.each(['/schema/', '/schema.yaml'])('answers 304 to a client that has %s', async (path) => {
    const { url } = await startWith(platform, [{}]);
    const first = await send(url + path);
    const { etag } = first.headers;
    expect(etag).toMatch(/^"[\w-]+"$/);
    const known = await send(url + path, { headers: { 'if-none-match': `"other", ${etag}` } });
    expect(known.status).toBe(304);
    expect(known.headers.etag).toBe(etag);
    expect(known.body).toBe('');
    const other = await send(url + path, { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
    expect(other.body).toBe(first.body);
  });

  it('has a different ETag for each format of the document', async () => {
    const { url } = await startWith(platform, [{}]);
    const accepts = [OPENAPI_JSON, 'application/json', 'application/yaml', 'text/yaml'];
    const answers = await Promise.all(
      accepts.map((accept) => send(`${url}/schema/`, { headers: { accept } })),
    );
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(accepts.length);
  });

  it('answers HEAD without a body', async () => {
    const { url } = await startWith(platform, [{}]);
    const { body, headers: expected } = await send(`${url}/schema/`);
    const { status, headers, body: none } = await send(`${url}/schema/`, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(headers.etag).toBe(expected.etag);
    expect(none).toBe('');
  });

  it('allows changes of the document until the first request for it', async () => {
    const { url, documents } = await startWith(platform, [{}]);
    Object.assign(documents[0] as OpenAPIObject, { 'x-more': true });
    expect(JSON.parse((await send(`${url}/schema/`)).body)).toMatchObject({ 'x-more': true });
  });

  it.each(['/docs', '/docs/'])('serves the docs page at %s', async (path) => {
    const { url } = await startWith(platform, [{ docs: '/docs/' }]);
    const { status, headers, body } = await send(url + path);
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/html');
    expect(body).toContain('<title>Puppies</title>');
    const script = await send(`${url}/docs/swagger-ui-init.js`);
    expect(script.body).toContain('"/ticks"');
    expect((await send(`${url}/docs/swagger-ui.css`)).status).toBe(200);
  });

  it('serves no docs page unless it is configured', async () => {
    const { url } = await startWith(platform, [{}]);
    expect((await send(`${url}/docs/`)).status).toBe(404);
  });

  it('serves several documents, each for its own modules', async () => {
    const { url } = await startWith(platform, [
      { path: '/puppies.json', docs: '/docs/puppies', options: { include: [PuppiesModule] } },
      { path: '/ticks.json', docs: '/docs/ticks', options: { include: [TicksModule] } },
    ]);
    const pathsOf = async (path: string) =>
      Object.keys((JSON.parse((await send(url + path)).body) as OpenAPIObject).paths);
    expect(await pathsOf('/puppies.json')).toEqual(['/puppies', '/puppies/undecorated']);
    expect(await pathsOf('/ticks.json')).toEqual(['/ticks']);
    expect((await send(`${url}/docs/ticks/swagger-ui-init.js`)).body).not.toContain('"/puppies"');
    expect((await send(`${url}/docs/puppies/swagger-ui.css`)).status).toBe(200);
  });

  it('leaves out undecorated endpoints if configured', async () => {
    const { documents } = await startWith(platform, [
      { options: { onlyIncludeDecoratedEndpoints: true } },
    ]);
    expect(Object.keys(documents[0]?.paths ?? {})).toEqual(['/ticks']);
  });

  it('documents the global prefix and versions in the URI, and answers there', async () => {
    const configure = (app: INestApplication) =>
      app
        .setGlobalPrefix('api', { exclude: [{ path: 'ticks', method: RequestMethod.GET }] })
        .enableVersioning({ type: VersioningType.URI, defaultVersion: '2' });
    const { url, documents } = await startWith(platform, [{}], { ...modules, configure });
    expect(Object.keys(documents[0]?.paths ?? {})).toContain('/api/v2/puppies');
    const { body } = await send(`${url}/api/v2/puppies`);
    expect(body).toBe('{"id":1,"name":"Rex","owner":null}\n');
    expect((await send(`${url}/schema/`)).status).toBe(200);
  });

  it('serves the plain swagger document of an application without the module', async () => {
    const { url } = await startWith(platform, [{}], { ...modules, responses: false });
    const { status, headers } = await send(`${url}/schema/`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(OPENAPI_JSON);
  });

  it('creates the same document on every platform', async () => {
    const controllers = [EveryBufferedController, EveryStreamController];
    const { documents } = await startWith(platform, [{}], { controllers });
    const { documents: others } = await startWith(platforms[0] as Platform, [{}], { controllers });
    expect(JSON.stringify(documents)).toBe(JSON.stringify(others));
  });
});

describe('the document', () => {
  const [platform] = platforms as [Platform];

  it('names the own status of a route, with and without a mapped response', async () => {
    const { documents } = await startWith(platform, [{}], {
      controllers: [EveryBufferedController, EveryStreamController],
    });
    const statusesOf = (path: string) =>
      Object.keys(documents[0]?.paths[path]?.post?.responses ?? {}).filter((key) => key < '3');
    expect(statusesOf('/buffered/name')).toEqual(['201']);
    expect(statusesOf('/buffered/date')).toEqual(['202']);
    expect(statusesOf('/streamed/ndjson/zod')).toEqual(['201']);
    expect(statusesOf('/buffered/rpc')).toEqual(['200']);
  });

  it.each(['3.0.4', '3.1.1', '3.2.0'])(
    'is the same with plain SwaggerModule and describeStreams(), in OpenAPI %s',
    async (version) => {
      let plain: OpenAPIObject | undefined;
      const { documents } = await startWith(platform, [{ document: documentOf(version) }], {
        controllers: [EveryStreamController],
        configure: (app) => {
          const created = SwaggerModule.createDocument(app, documentOf(version));
          const before = JSON.stringify(created);
          plain = describeStreams(created);
          // The argument is unchanged, and describing it again has no effect.
          expect(JSON.stringify(created)).toBe(before);
          expect(JSON.stringify(describeStreams(plain))).toBe(JSON.stringify(plain));
        },
      });
      expect(JSON.stringify(plain)).toBe(JSON.stringify(documents[0]));
    },
  );

  it('does not change a response of Nest or of swagger', async () => {
    @Controller()
    class OtherController {
      @Get('swagger')
      @ApiOkResponse({ type: Puppy, isArray: true })
      swagger(): Puppy[] {
        return [];
      }

      @Sse('sse')
      sse(): Observable<never> {
        return of();
      }
    }
    const { documents } = await startWith(platform, [{}], {
      controllers: [OtherController],
      configure: (app) => {
        const created = SwaggerModule.createDocument(app, document);
        expect(JSON.stringify(describeStreams(created))).toBe(JSON.stringify(created));
      },
    });
    expect(documents[0]?.paths['/sse']?.get?.responses).toEqual({ 200: { description: '' } });
  });

  it('has the version set on DocumentBuilder, or 3.0.0', async () => {
    const config = new DocumentBuilder().build();
    const { documents } = await startWith(platform, [{ document: config }]);
    expect(documents[0]?.openapi).toBe('3.0.0');
    const ok = documents[0]?.paths['/puppies']?.get?.responses[200];
    expect(ok).toMatchObject({
      content: {
        'application/x-ndjson': {
          schema: { type: 'array', items: { $ref: '#/components/schemas/Puppy' } },
        },
      },
    });
  });
});
