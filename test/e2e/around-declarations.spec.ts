import {
  Controller,
  Get,
  Injectable,
  Module,
  Res,
  UseInterceptors,
  type NestInterceptor,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { text } from 'node:stream/consumers';
import { Observable, of, throwError } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  NDJSONResponse,
  PlainTextResponse,
  ResponsesModule,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';

class Puppy {
  @ApiProperty()
  name!: string;
}

class Kennel {
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(Puppy) } })
  puppies!: Record<string, Puppy>;
}

const ROW = { name: 'Canna', password: 'secret' };

@Injectable()
class ShortInterceptor implements NestInterceptor {
  intercept(): Observable<unknown> {
    return of(ROW);
  }
}

@ApiExtraModels(Puppy)
@Controller()
class AroundController {
  @Get('xml')
  @ApiProduces('application/json', 'application/xml', 'text/plain')
  @ApiOkResponse({ type: Puppy })
  xml() {
    return ROW;
  }

  @Get('hal')
  @ApiOkResponse({
    content: { 'application/hal+json': { schema: { $ref: getSchemaPath(Puppy) } } },
  })
  hal() {
    return ROW;
  }

  @Get('standard-list')
  @ApiResponse({
    status: 200,
    content: {},
    standardSchema: z.object({ name: z.string() }),
    isArray: true,
  })
  standardList() {
    return [ROW, ROW];
  }

  @Get('async-list')
  @ApiResponse({
    status: 200,
    content: {},
    standardSchema: z.object({ name: z.string().refine(async (name) => name.length > 0) }),
    isArray: true,
  })
  asyncList() {
    return [ROW];
  }

  @Get('kennel')
  @ApiOkResponse({ type: Kennel })
  kennel() {
    return { puppies: { canna: ROW } };
  }

  @Get('status')
  @ApiOkResponse({ content: { 'application/json; charset=utf-8': { schema: { type: 'string' } } } })
  @ApiCreatedResponse({ type: Puppy })
  status(@Res({ passthrough: true }) response: { status(code: number): unknown }) {
    response.status(201);
    return ROW;
  }

  @Get('short')
  @UseInterceptors(ShortInterceptor)
  @ApiNDJSONResponse({ type: Puppy })
  short() {
    return of(ROW);
  }

  @Get('fails')
  fails() {
    return new NDJSONResponse(throwError(() => new Error('boom')));
  }

  @Get('reset')
  reset() {
    return new PlainTextResponse('hello', { statusCode: 205 });
  }

  @Get('connection')
  connection() {
    return new NDJSONResponse(of(1), {
      headers: { 'keep-alive': 'timeout=5', 'transfer-encoding': 'chunked', 'x-kept': 'yes' },
    });
  }

  @Get('teardown')
  teardown() {
    return new NDJSONResponse(
      new Observable((subscriber) => {
        subscriber.next(1);
        return () => {
          throw new Error('in the teardown');
        };
      }),
    );
  }
}

describe.each(platforms)('a declaration on $name', (platform: Platform) => {
  const startAround = async () => {
    const logger = new LogCollector();
    const running = await start(platform, {
      controllers: [AroundController],
      application: { logger },
    });
    return { ...running, logger };
  };

  it.each([
    ['/xml', 'application/json', 'application/json', '{"name":"Canna"}'],
    ['/xml', 'application/xml', 'application/json', '{"name":"Canna"}'],
    ['/xml', 'text/plain', 'application/json', '{"name":"Canna"}'],
    ['/hal', '*/*', 'application/hal+json', '{"name":"Canna"}'],
    ['/standard-list', '*/*', 'application/json', '[{"name":"Canna"},{"name":"Canna"}]'],
    ['/async-list', '*/*', 'application/json', '[{"name":"Canna"}]'],
    ['/kennel', '*/*', 'application/json', '{"puppies":{"canna":{"name":"Canna"}}}'],
    ['/status', '*/*', 'application/json', '{"name":"Canna"}'],
  ])('applies to %s, accepted as %s', async (path, accept, type, body) => {
    const { url } = await startAround();
    const response = await fetch(`${url}${path}`, { headers: { accept } });
    expect(response.headers.get('content-type')).toContain(type);
    expect(await response.text()).toBe(body);
  });

  it('throws if an interceptor replaces its stream', async () => {
    const { url, logger } = await startAround();
    const response = await fetch(`${url}/short`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(logger.entries.join()).toContain(
      'AroundController.short() declares application/x-ndjson, but an interceptor has put an object in place of its stream',
    );
  });

  it('sends the head of a stream that fails at once', async () => {
    const { port } = await startAround();
    const client = await RawClient.connect(port);
    client.request('GET /fails HTTP/1.1');
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(client.received).not.toContain('\r\n0\r\n');
  });

  it('sends no body with 205', async () => {
    const { port } = await startAround();
    const client = await RawClient.connect(port);
    client.request('GET /reset HTTP/1.1', 'Connection: close');
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1\.1 205 Reset Content\r\n/);
    expect(client.received).toMatch(/content-length: 0\r\n/i);
    expect(client.received).toMatch(/\r\n\r\n$/);
  });

  it('logs what the teardown of an Observable throws when its client leaves', async () => {
    const { url, logger } = await startAround();
    const controller = new AbortController();
    const response = await fetch(`${url}/teardown`, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await expect.poll(() => logger.entries.join()).toContain('in the teardown');
    expect((await fetch(`${url}/hal`)).status).toBe(200);
  });

  it('allows one ResponsesModule per application', async () => {
    @Module({ imports: [ResponsesModule.forRoot({ validation: 'off' })] })
    class FeatureModule {}
    await expect(start(platform, { imports: [FeatureModule] })).rejects.toThrow(
      'ResponsesModule is imported more than once',
    );
  });
});

describe('a response over HTTP/2', () => {
  it('has no connection-specific header, which HTTP/2 forbids', async () => {
    const { url } = await start(platforms[1] as Platform, {
      controllers: [AroundController],
      adapter: new FastifyAdapter({ http2: true } as never),
    });
    const session = connect(url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ':path': '/connection' });
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    expect(headers[':status']).toBe(200);
    expect(headers['x-kept']).toBe('yes');
    expect(headers).not.toHaveProperty('keep-alive');
    expect(await text(stream)).toBe('1\n');
  });
});

describe('a declaration of an undefined class', () => {
  it.each([
    ['a class', () => ApiNDJSONResponse({ type: undefined as never })],
    [
      'the class of an event',
      () => ApiServerSentEventResponse({ events: { tick: undefined as never } }),
    ],
    ['an event', () => ApiServerSentEventResponse({ events: {} })],
  ])('of %s throws a TypeError', (_, declare) => {
    expect(declare).toThrow(TypeError);
  });
});

describe('a response with content that it cannot send', () => {
  it.each([
    ['text that is not a string', () => new PlainTextResponse(5 as never)],
    [
      'a background task that is not a function',
      () => new PlainTextResponse('', { background: 5 as never }),
    ],
    [
      'a cookie that browsers refuse',
      () => new PlainTextResponse('').setCookie('a', 'b', { sameSite: 'None' as never }),
    ],
    ['a media type of two lines', () => new PlainTextResponse('', { mediaType: 'a/b\r\nx: y' })],
  ])('throws a TypeError in its constructor: %s', (_, make) => {
    expect(make).toThrow(TypeError);
  });
});
