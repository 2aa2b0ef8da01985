import {
  ClassSerializerInterceptor,
  Controller,
  Get,
  HttpCode,
  Injectable,
  NotFoundException,
  Param,
  Post,
  Res,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  ApiCreatedResponse,
  ApiDefaultResponse,
  ApiExtraModels,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { Exclude, Expose } from 'class-transformer';
import { from, map, of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  APIResponse,
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  ServerSentEvent,
  type ResponsesModuleOptions,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type Platform } from '../support/platforms.js';

class Puppy {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty({ required: false })
  born?: Date;
}

class Envelope {
  @ApiProperty({ type: [Puppy] })
  data!: Puppy[];
}

const ROW = Object.freeze({
  id: 1,
  name: 'Canna',
  born: new Date('2024-02-03T04:05:06.789Z'),
  password: 'secret',
});
const SENT = '{"id":1,"name":"Canna","born":"2024-02-03T04:05:06.789Z"}';
const ZodPuppy = z.object({ id: z.number(), name: z.string() });
const AsyncPuppy = ZodPuppy.refine(async ({ name }) => Promise.resolve(name !== 'nobody'));

@Controller()
class ValuesController {
  @Get('class')
  @ApiOkResponse({ type: Puppy })
  class() {
    return ROW;
  }

  @Get('promise')
  @ApiOkResponse({ type: Puppy })
  async promise() {
    return Promise.resolve(ROW);
  }

  @Get('observable')
  @ApiOkResponse({ type: Puppy })
  observable() {
    return of(ROW);
  }

  @Get('list')
  @ApiOkResponse({ type: [Puppy] })
  list() {
    return [ROW, ROW];
  }

  @Get('is-array')
  @ApiOkResponse({ type: Puppy, isArray: true })
  isArray() {
    return [ROW];
  }

  @Get('schema')
  @ApiExtraModels(Puppy)
  @ApiOkResponse({
    schema: { type: 'object', properties: { puppy: { $ref: getSchemaPath(Puppy) } } },
  })
  schema() {
    return { puppy: ROW, password: 'secret' };
  }

  @Get('content')
  @ApiExtraModels(Puppy)
  @ApiOkResponse({
    content: { 'application/json': { schema: { $ref: getSchemaPath(Puppy) } } },
  })
  content() {
    return ROW;
  }

  @Get('standard')
  @ApiOkResponse({ standardSchema: ZodPuppy })
  standard() {
    return ROW;
  }

  @Get('standard-async')
  @ApiResponse({ status: 200, content: {}, standardSchema: AsyncPuppy })
  standardAsync() {
    return ROW;
  }

  @Get('text')
  @ApiOkResponse({ type: String, description: 'A greeting.' })
  text() {
    return 'hello';
  }

  @Get('explicit')
  explicit() {
    return new APIResponse(ROW, { schema: Puppy, statusCode: 202 });
  }

  @Get('explicit/zod')
  explicitZod() {
    return new APIResponse([ROW], { schema: z.array(AsyncPuppy) });
  }

  @Get('negotiated')
  @ApiProduces('application/json', 'application/x-ndjson')
  @ApiOkResponse({ type: Puppy })
  negotiated() {
    return from([ROW]);
  }

  @Post('created')
  @ApiOkResponse({ type: String })
  @ApiCreatedResponse({ type: Puppy })
  created() {
    return ROW;
  }

  @Get('accepted')
  @HttpCode(202)
  @ApiResponse({ status: '2XX', type: Puppy })
  accepted() {
    return ROW;
  }

  @Get('default')
  @ApiDefaultResponse({ type: Puppy })
  default() {
    return ROW;
  }

  @Get('set/:status')
  @ApiOkResponse({ type: String })
  @ApiResponse({ status: 203, type: Puppy })
  @ApiNotFoundResponse({ type: Puppy })
  set(
    @Param('status') status: string,
    @Res({ passthrough: true }) response: { status(code: number): unknown },
  ) {
    response.status(Number(status));
    return ROW;
  }

  @Get('missing')
  @ApiOkResponse({ type: Puppy })
  @ApiNotFoundResponse({ type: Puppy })
  missing() {
    throw new NotFoundException('No such puppy');
  }

  @Get('lines')
  @ApiNDJSONResponse({ type: Puppy })
  lines(): Observable<Puppy> {
    return from([ROW, ROW]);
  }

  @Get('lines/events')
  @ApiProduces('application/x-ndjson', 'text/event-stream')
  @ApiOkResponse({ type: Puppy })
  linesOfEvents() {
    return from([
      new ServerSentEvent({ comment: 'heartbeat' }),
      new ServerSentEvent({ id: 7, data: ROW }),
    ]);
  }

  @Get('lines/async')
  @ApiNDJSONResponse({ standardSchema: AsyncPuppy })
  linesAsync() {
    return from([1, 2, 3]).pipe(map((id) => ({ id, name: `puppy ${id}`, password: 'secret' })));
  }

  @Get('lines/async-generator')
  @ApiNDJSONResponse({ standardSchema: AsyncPuppy })
  async *linesAsyncGenerator() {
    yield await Promise.resolve(ROW);
    yield ROW;
  }

  @Get('events')
  @ApiServerSentEventResponse({ type: Puppy })
  events(): Observable<Puppy | ServerSentEvent<Puppy>> {
    return from([ROW, new ServerSentEvent<Puppy>({ id: 7, event: 'born', data: ROW })]);
  }

  @Get('events/named')
  @ApiServerSentEventResponse({ events: { born: Puppy, said: String } })
  named(): Observable<ServerSentEvent<Puppy, 'born'> | ServerSentEvent<string, 'said'>> {
    return from([
      new ServerSentEvent<Puppy, 'born'>({ event: 'born', data: ROW }),
      new ServerSentEvent<string, 'said'>({ event: 'said', data: 'wau\nwau' }),
    ]);
  }
}

const valid: [path: string, status: number, body: string][] = [
  ['/class', 200, SENT],
  ['/promise', 200, SENT],
  ['/observable', 200, SENT],
  ['/list', 200, `[${SENT},${SENT}]`],
  ['/is-array', 200, `[${SENT}]`],
  ['/schema', 200, `{"puppy":${SENT}}`],
  ['/content', 200, SENT],
  ['/standard', 200, '{"id":1,"name":"Canna"}'],
  ['/text', 200, '"hello"'],
  ['/explicit', 202, SENT],
  ['/explicit/zod', 200, '[{"id":1,"name":"Canna"}]'],
  ['/accepted', 202, SENT],
  ['/default', 200, SENT],
  ['/set/203', 203, SENT],
];

@Controller()
class WrongController {
  readonly row = { id: 'one', name: 5, password: 'secret' };

  @Get('wrong')
  @ApiOkResponse({ type: Puppy })
  wrong() {
    return this.row;
  }

  @Get('wrong/null')
  @ApiOkResponse({ type: Puppy })
  null() {
    return null;
  }

  @Get('wrong/explicit')
  explicit() {
    return new APIResponse(this.row, { schema: Puppy });
  }

  @Get('wrong/lines')
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ type: Puppy })
  lines() {
    return from([ROW, this.row, ROW]);
  }

  @Get('wrong/events')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ type: Puppy })
  events() {
    return from([ROW, this.row, ROW]);
  }
}

describe.each(platforms)('a declared value on $name', (platform: Platform) => {
  const startValues = (responses: ResponsesModuleOptions | false = {}) =>
    start(platform, { controllers: [ValuesController], responses });

  it.each(valid)('of %s is sent as declared', async (path, status, body) => {
    const { url } = await startValues();
    const response = await fetch(`${url}${path}`);
    expect(await response.text()).toBe(body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
  });

  it('depends on the status of the response', async () => {
    const { url } = await startValues();
    const created = await fetch(`${url}/created`, { method: 'POST' });
    expect(created.status).toBe(201);
    expect(await created.text()).toBe(SENT);
  });

  it('does not apply to error statuses, thrown or set', async () => {
    const { url } = await startValues();
    const missing = await fetch(`${url}/missing`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ message: 'No such puppy' });
    const set = await fetch(`${url}/set/404`);
    expect(set.status).toBe(404);
    expect(await set.json()).toMatchObject({ password: 'secret' });
  });

  it('is sent to HEAD without a body', async () => {
    const { url } = await startValues();
    const response = await fetch(`${url}/class`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe(String(SENT.length));
    expect(await response.text()).toBe('');
  });

  it.each([
    ['/lines', `${SENT}\n${SENT}\n`],
    ['/lines/events', `${SENT}\n`],
    [
      '/lines/async',
      '{"id":1,"name":"puppy 1"}\n{"id":2,"name":"puppy 2"}\n{"id":3,"name":"puppy 3"}\n',
    ],
    ['/lines/async-generator', '{"id":1,"name":"Canna"}\n'.repeat(2)],
    ['/events', `data: ${SENT}\n\nid: 7\nevent: born\ndata: ${SENT}\n\n`],
    ['/events/named', `event: born\ndata: ${SENT}\n\nevent: said\ndata: wau\ndata: wau\n\n`],
  ])('is each item of the stream %s', async (path, body) => {
    const { url } = await startValues();
    expect(await (await fetch(`${url}${path}`)).text()).toBe(body);
  });

  it.each([
    ['application/json', 'application/json', SENT],
    ['application/x-ndjson', 'application/x-ndjson', `${SENT}\n`],
  ])('is negotiated: %s', async (accept, type, body) => {
    const { url } = await startValues();
    const response = await fetch(`${url}/negotiated`, { headers: { accept } });
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(body);
  });

  it.each(['warn', 'off'] as const)('is sent by Nest for %s', async (validation) => {
    const plain = await startValues(false);
    const { url } = await startValues({ validation });
    for (const path of ['/class', '/list', '/schema', '/text', '/standard', '/set/203']) {
      const [left, right] = await Promise.all([
        fetch(`${plain.url}${path}`),
        fetch(`${url}${path}`),
      ]);
      expect([right.status, right.headers.get('content-type'), await right.text()]).toEqual([
        left.status,
        left.headers.get('content-type'),
        await left.text(),
      ]);
    }
  });
});

describe.each(platforms)('a value that does not match, on $name', (platform: Platform) => {
  const startWrong = async (responses: ResponsesModuleOptions = {}) => {
    const logger = new LogCollector();
    const { url } = await start(platform, {
      controllers: [WrongController],
      responses,
      application: { logger },
    });
    return { url, logger };
  };

  it.each(['/wrong', '/wrong/explicit'])('is a 500 of %s that is logged', async (path) => {
    const { url, logger } = await startWrong();
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    expect(logger.entries).toHaveLength(1);
    expect(logger.entries[0]).toContain(`GET ${path}, status 200`);
    expect(logger.entries[0]).toContain('$.id must be number');
    expect(logger.entries[0]).toContain('$.name must be string');
    expect(logger.entries[0]).not.toMatch(/one|secret/);
  });

  it('can be a null that the schema does not allow', async () => {
    const { url } = await startWrong();
    expect((await fetch(`${url}/wrong/null`)).status).toBe(500);
  });

  it('fails a stream of lines', async () => {
    const { url, logger } = await startWrong();
    const response = await fetch(`${url}/wrong/lines`);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(logger.entries.join()).toContain('$.id must be number');
  });

  it('is reported to the client of an event stream, without the value', async () => {
    const { url } = await startWrong();
    const text = await (await fetch(`${url}/wrong/events`)).text();
    expect(text).toBe(
      `data: ${SENT}\n\nevent: error\n` +
        'data: {"detail":"Internal Server Error","error":null,"status_code":500}\n\n',
    );
  });

  it("is sent unchanged with 'warn', and is logged once for each route and path", async () => {
    const { url, logger } = await startWrong({ validation: 'warn' });
    const body = '{"id":"one","name":5,"password":"secret"}';
    for (const path of ['/wrong', '/wrong', '/wrong/explicit', '/wrong/explicit']) {
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(body);
    }
    const lines = await (await fetch(`${url}/wrong/lines`)).text();
    expect(lines.split('\n')[1]).toBe(body);
    const paths = logger.entries.map((entry) =>
      /(\S+ \S+): (\$\S*)/.exec(entry)?.slice(1).join(' '),
    );
    expect(paths.filter((path) => path?.startsWith('GET /wrong $'))).toEqual([
      'GET /wrong $.id',
      'GET /wrong $.name',
      'GET /wrong $.password',
    ]);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("is ignored with 'off'", async () => {
    const { url, logger } = await startWrong({ validation: 'off' });
    expect((await fetch(`${url}/wrong`)).status).toBe(200);
    expect(logger.entries).toEqual([]);
  });
});

class Account {
  @ApiProperty({ name: 'user_name' })
  @Expose({ name: 'user_name' })
  userName = 'canna';

  @Exclude()
  password = 'secret';
}

class AccountView {
  @ApiProperty()
  user_name!: string;
}

@Injectable()
class EnvelopeInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data, took: 1 })));
  }
}

@Injectable()
class OnceInterceptor implements NestInterceptor {
  #cached: unknown;
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return this.#cached === undefined
      ? next.handle().pipe(map((value: unknown) => (this.#cached = value)))
      : of(this.#cached);
  }
}

@Controller()
class InterceptedController {
  calls = 0;

  @Get('account')
  @ApiOkResponse({ type: AccountView })
  account() {
    return new Account();
  }

  @Get('envelope')
  @UseInterceptors(EnvelopeInterceptor)
  @ApiOkResponse({ type: Envelope })
  envelope() {
    return [ROW];
  }

  @Get('cached')
  @UseInterceptors(OnceInterceptor)
  @ApiOkResponse({ type: Puppy })
  cached() {
    return { ...ROW, id: ++this.calls };
  }
}

describe.each(platforms)('a declared value behind interceptors on $name', (platform) => {
  const startIntercepted = () =>
    start(platform, {
      controllers: [InterceptedController],
      providers: [{ provide: APP_INTERCEPTOR, useClass: ClassSerializerInterceptor }],
    });

  it('matches after ClassSerializerInterceptor', async () => {
    const { url } = await startIntercepted();
    expect(await (await fetch(`${url}/account`)).text()).toBe('{"user_name":"canna"}');
  });

  it('matches in its envelope', async () => {
    const { url } = await startIntercepted();
    expect(await (await fetch(`${url}/envelope`)).text()).toBe(`{"data":[${SENT}]}`);
  });

  it('matches from a cache', async () => {
    const { url } = await startIntercepted();
    for (let i = 0; i < 2; i++) {
      expect(await (await fetch(`${url}/cached`)).text()).toBe(SENT);
    }
  });
});

describe('a schema that cannot be compiled', () => {
  @Controller()
  class BrokenController {
    @Get('broken')
    @ApiOkResponse({ schema: { $ref: '#/components/schemas/Nobody' } })
    broken() {
      return 1;
    }
  }

  it.each(platforms)('fails at start-up on $name, with its route', async (platform) => {
    await expect(start(platform, { controllers: [BrokenController] })).rejects.toThrow(
      /BrokenController\.broken\(\).*200.*Nobody/,
    );
  });

  it.each(platforms)("is ignored with 'off' on $name", async (platform) => {
    const { url } = await start(platform, {
      controllers: [BrokenController],
      responses: { validation: 'off' },
    });
    expect(await (await fetch(`${url}/broken`)).text()).toBe('1');
  });
});
