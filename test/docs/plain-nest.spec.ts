/*
 * Compares Nest alone with this package, as the README and docs/explanation/nest-alone.md do. Each test is one line of the
 * table there, by the words that the line begins with. Tests of what both do follow.
 */
import {
  Controller,
  ForbiddenException,
  Get,
  Sse,
  StreamableFile,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type INestApplication,
  type MessageEvent,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiOkResponse, ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { concat, finalize, from, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  ApiStreamResponse,
  describeStreams,
  FileResponse,
  ServerSentEvent,
} from '../../src/index.js';
import { deferred } from '../support/deferred.js';
import { folder } from '../support/folder.js';
import { platforms, start } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { send } from '../support/send.js';
import { turn } from '../support/turn.js';

class Item {
  @ApiProperty()
  i!: number;
}

const ITEMS = [{ i: 1 }, { i: 2 }, { i: 3 }];
const LINES = '{"i":1}\n{"i":2}\n{"i":3}\n';

async function* generate(): AsyncGenerator<Item> {
  yield* ITEMS;
}

/** The same, with a secret property. */
async function* generateMore(): AsyncGenerator<Item> {
  yield* ITEMS.map((item) => ({ ...item, secret: 1 }));
}

/** An interceptor as applications have them, e.g. for their logs. */
class PassingInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

/** The first cell of each line of the table of a page that compares, from its head to the empty line after it. */
function comparedIn(path: string): (string | undefined)[] {
  const page = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const [table = ''] = /^\| +\| Nest 12 alone [^]*?\n\n/m.exec(page) ?? [];
  return table
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) => row.split('|')[1]?.trim());
}

/** The names of the tests, the first cell of each line. */
const tested = new Set<string>();

describe.each(platforms)('Nest alone, and with this package, on $name', (platform) => {
  beforeEach(({ task }) => {
    tested.add(task.name);
  });

  const nest = (controller: Type, configure?: (app: INestApplication) => unknown) =>
    start(platform, {
      responses: false,
      controllers: [controller],
      ...(configure && { configure }),
    });
  const ours = (controller: Type, configure?: (app: INestApplication) => unknown) =>
    start(platform, { controllers: [controller], ...(configure && { configure }) });

  it('An Observable of many values', async () => {
    @Controller()
    class Plain {
      @Get()
      get() {
        return from(ITEMS);
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiNDJSONResponse({ type: Item })
      get() {
        return from(ITEMS);
      }
    }
    expect((await send((await nest(Plain)).url)).body).toBe('{"i":3}');
    expect((await send((await ours(Declared)).url)).body).toBe(LINES);
  });

  it('An async generator of objects', async () => {
    @Controller()
    class Plain {
      @Get()
      get() {
        return generateMore();
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiNDJSONResponse({ type: Item })
      get() {
        return generateMore();
      }
    }
    expect((await send((await nest(Plain)).url)).body).toBe(LINES.replaceAll('}', ',"secret":1}'));
    expect((await send((await ours(Declared)).url)).body).toBe(LINES);
  });

  it('An async generator of events', async () => {
    @Controller()
    class Plain {
      @Sse()
      get() {
        return generate() as unknown as Observable<MessageEvent>;
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiServerSentEventResponse({ type: Item })
      get() {
        return generate();
      }
    }
    expect((await send((await nest(Plain)).url)).status).toBe(500);
    expect((await send((await ours(Declared)).url)).body).toContain('data: {"i":3}\n');
  });

  it('The same stream for browsers and for scripts', async () => {
    @Controller()
    class Plain {
      @Sse()
      get() {
        return from(ITEMS.map((data) => ({ data })));
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiStreamResponse({ type: Item })
      get() {
        return from(ITEMS);
      }
    }
    const headers = { accept: 'application/x-ndjson' };
    const plain = await send((await nest(Plain)).url, { headers });
    expect(plain.headers['content-type']).toBe('text/event-stream');
    const { url } = await ours(Declared);
    expect((await send(url, { headers })).body).toBe(LINES);
    const events = await send(url, { headers: { accept: 'text/event-stream' } });
    expect(events.body).toContain('data: {"i":3}\n');
  });

  it('An event without an id', async () => {
    @Controller()
    class Plain {
      @Sse()
      get() {
        return of({ data: 'a' });
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiServerSentEventResponse({ type: String })
      get() {
        return of('a');
      }
    }
    expect((await send((await nest(Plain)).url)).body).toContain('id: 1\n');
    expect((await send((await ours(Declared)).url)).body).toBe('data: a\n\n');
  });

  it('A line break in the name of an event', async () => {
    @Controller()
    class Plain {
      @Sse()
      get() {
        return of({ type: 'a\nb', data: '' });
      }
    }
    expect((await send((await nest(Plain)).url)).body).toContain('event: ab\n');
    expect(() => new ServerSentEvent({ event: 'a\nb' })).toThrow(TypeError);
  });

  it('A source that fails after its first event', async () => {
    const failing = <TItem>(item: TItem): Observable<TItem> =>
      concat(
        of(item),
        throwError(() => new ForbiddenException('Not yours')),
      );
    @Controller()
    class Plain {
      @Sse()
      get() {
        return failing({ data: 'a' });
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiServerSentEventResponse({ type: String })
      get() {
        return failing('a');
      }
    }
    expect((await send((await nest(Plain)).url)).body).toMatch(
      /event: error\nid: 2\ndata: Not yours\n\n$/,
    );
    expect((await send((await ours(Declared)).url)).body).toMatch(
      /event: error\ndata: {"detail":"Not yours","error":"ForbiddenException","status_code":403}\n\n$/,
    );
  });

  it('An exception before the stream, behind an interceptor', async () => {
    const refuse = async (): Promise<Observable<never>> => {
      // As long as a query takes.
      await setTimeout(20);
      throw new ForbiddenException();
    };
    @Controller()
    class Plain {
      @Sse()
      @UseInterceptors(PassingInterceptor)
      get() {
        return refuse();
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiServerSentEventResponse({ type: String })
      @UseInterceptors(PassingInterceptor)
      get() {
        return refuse();
      }
    }
    expect((await send((await nest(Plain)).url)).status).toBe(200);
    expect((await send((await ours(Declared)).url)).status).toBe(403);
  });

  describe('while a stream is quiet', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout', 'clearInterval', 'clearTimeout'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('A stream that is quiet for a minute', async () => {
      const events = new Subject<string>();
      const messages = new Subject<MessageEvent>();
      @Controller()
      class Plain {
        @Sse()
        get() {
          return messages;
        }
      }
      @Controller()
      class Declared {
        @Get()
        @ApiServerSentEventResponse({ type: String })
        get() {
          return events;
        }
      }
      const received = async (port: number, emit: () => void) => {
        const client = await RawClient.connect(port);
        client.request('GET / HTTP/1.1');
        // Nest sends the head of its stream by a timer.
        while (!client.received.includes('\r\n\r\n')) {
          vi.advanceTimersByTime(1);
          await turn();
        }
        vi.advanceTimersByTime(60_000);
        emit();
        await client.receive('data: last\n');
        return client.received;
      };
      const plain = await received((await nest(Plain)).port, () => messages.next({ data: 'last' }));
      expect(plain).not.toContain('\n:');
      const declared = await received((await ours(Declared)).port, () => events.next('last'));
      expect(declared.match(/: heartbeat\n/g)).toHaveLength(4);
    });
  });

  it('The shutdown with a stream open', async () => {
    @Controller()
    class Plain {
      @Sse()
      get() {
        return concat(of({ data: 'a' }), NEVER);
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiServerSentEventResponse({ type: String })
      get() {
        return concat(of('a'), NEVER);
      }
    }
    const open = async (port: number) => {
      const client = await RawClient.connect(port);
      client.request('GET / HTTP/1.1', 'Connection: close');
      await client.receive('data: a\n');
      return client;
    };
    const application = { forceCloseConnections: false };
    const plain = await start(platform, {
      responses: false,
      controllers: [Plain],
      application,
    });
    const waiting = await open(plain.port);
    let isClosed = false;
    const closed = plain.app.close().then(() => {
      isClosed = true;
    });
    for (let i = 0; i < 100; i++) {
      await turn();
    }
    expect(isClosed).toBe(false);
    waiting.leave();
    await closed;

    const declared = await start(platform, { controllers: [Declared], application });
    const ended = await open(declared.port);
    await declared.app.close();
    expect(await ended.ended).toBe('end');
  });

  it('A property that the declared type does not have', async () => {
    @Controller()
    class AnyController {
      @Get()
      @ApiOkResponse({ type: Item })
      get() {
        return { i: 1, password: 'secret' };
      }
    }
    expect((await send((await nest(AnyController)).url)).body).toBe('{"i":1,"password":"secret"}');
    expect((await send((await ours(AnyController)).url)).body).toBe('{"i":1}');
  });

  it('A part of a file, for a player or a resumed download', async () => {
    const path = join(await folder({ 'a.txt': '0123456789' }), 'a.txt');
    @Controller()
    class Plain {
      @Get()
      get() {
        return new StreamableFile(createReadStream(path));
      }
    }
    @Controller()
    class Ours {
      @Get()
      get() {
        return new FileResponse(path);
      }
    }
    const headers = { range: 'bytes=2-4' };
    const plain = await send((await nest(Plain)).url, { headers });
    expect([plain.status, plain.body]).toEqual([200, '0123456789']);
    const part = await send((await ours(Ours)).url, { headers });
    expect([part.status, part.body]).toEqual([206, '234']);
  });

  it('A file that the client has', async () => {
    const path = join(await folder({ 'a.txt': '0123456789' }), 'a.txt');
    @Controller()
    class Plain {
      @Get()
      get() {
        return new StreamableFile(createReadStream(path));
      }
    }
    @Controller()
    class Ours {
      @Get()
      get() {
        return new FileResponse(path);
      }
    }
    expect((await send((await nest(Plain)).url)).headers.etag).toBeUndefined();
    const { url } = await ours(Ours);
    const { etag } = (await send(url)).headers;
    expect((await send(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('A stream in the OpenAPI document', async () => {
    @Controller()
    class Plain {
      @Sse()
      get() {
        return of({ data: 'a' });
      }
    }
    @Controller()
    class Declared {
      @Get()
      @ApiServerSentEventResponse({ type: Item })
      get() {
        return from(ITEMS);
      }
    }
    const config = new DocumentBuilder().setOpenAPIVersion('3.2.0').build();
    const documentOf = (app: INestApplication) =>
      describeStreams(SwaggerModule.createDocument(app, config)).paths['/']?.get?.responses['200'];
    expect(documentOf((await nest(Plain)).app)).not.toHaveProperty('content');
    expect(documentOf((await ours(Declared)).app)).toHaveProperty(
      ['content', 'text/event-stream', 'itemSchema'],
      expect.any(Object),
    );
  });
});

describe.each(platforms)('Nest alone, and with this package, on $name, alike', (platform) => {
  it.each([
    ['alone', false],
    ['with this package', {}],
  ] as const)('stops a source whose client leaves: %s', async (_, responses) => {
    const stopped = deferred();
    const endless = <TItem>(item: TItem) =>
      concat(of(item), NEVER).pipe(finalize(() => stopped.resolve()));
    @Controller()
    class AnyController {
      @Sse('messages')
      messages() {
        return endless({ data: 'a' });
      }

      @Get('events')
      @ApiServerSentEventResponse({ type: String })
      events() {
        return endless('a');
      }
    }
    const { port } = await start(platform, { responses, controllers: [AnyController] });
    const client = await RawClient.connect(port);
    client.request(`GET /${responses ? 'events' : 'messages'} HTTP/1.1`);
    await client.receive('data: a\n');
    client.leave();
    await expect(stopped.promise).resolves.toBeUndefined();
  });

  it.each([
    ['alone', false],
    ['with this package', {}],
  ] as const)('tells a client nothing of an unexpected error: %s', async (_, responses) => {
    const fail = () => throwError(() => new Error('select * from users'));
    @Controller()
    class AnyController {
      @Sse('messages')
      messages() {
        return concat(of({ data: 'a' }), fail());
      }

      @Get('events')
      @ApiServerSentEventResponse({ type: String })
      events() {
        return concat(of('a'), fail());
      }
    }
    const { url } = await start(platform, { responses, controllers: [AnyController] });
    const { body } = await send(`${url}/${responses ? 'events' : 'messages'}`);
    expect(body).toContain('event: error\n');
    expect(body).not.toContain('users');
  });

  it.each([
    ['alone', false],
    ['with this package', {}],
  ] as const)('asks a generator only as fast as its client reads: %s', async (_, responses) => {
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked += 1;
        yield 'x'.repeat(100_000);
      }
    }
    @Controller()
    class AnyController {
      @Get('chunks')
      chunks() {
        return endless();
      }

      @Get('lines')
      @ApiNDJSONResponse({ type: String })
      lines() {
        return endless();
      }
    }
    const { port } = await start(platform, { responses, controllers: [AnyController] });
    const client = await RawClient.connect(port);
    client.request(`GET /${responses ? 'lines' : 'chunks'} HTTP/1.1`);
    await client.receive('xxx');
    client.socket.pause();
    for (let i = 0; i < 2000; i++) {
      await turn();
    }
    // The capacity of both sockets.
    expect(asked).toBeLessThan(300);
  });

  it.each([
    ['alone', false],
    ['with this package', {}],
  ] as const)('lets go of a client that does not read its events: %s', async (_, responses) => {
    const stopped = deferred();
    const flood = <TItem>(item: TItem) =>
      new Observable<TItem>((subscriber) => {
        const timer = setInterval(() => subscriber.next(item), 0);
        return () => {
          clearInterval(timer);
          stopped.resolve();
        };
      });
    const text = 'x'.repeat(100_000);
    @Controller()
    class AnyController {
      @Sse('messages')
      messages() {
        return flood({ data: text });
      }

      @Get('events')
      @ApiServerSentEventResponse({ type: String })
      events() {
        return flood(text);
      }
    }
    const { port } = await start(platform, { responses, controllers: [AnyController] });
    const client = await RawClient.connect(port);
    client.request(`GET /${responses ? 'events' : 'messages'} HTTP/1.1`);
    await client.receive('xxx');
    client.socket.pause();
    await expect(stopped.promise).resolves.toBeUndefined();
  });
});

it('docs/explanation/nest-alone.md compares what is tested here, and nothing else', () => {
  expect(new Set(comparedIn('docs/explanation/nest-alone.md'))).toEqual(tested);
});

it('The README compares ten of these lines', () => {
  const compared = comparedIn('README.md');
  expect(compared).toHaveLength(10);
  expect([...tested]).toEqual(expect.arrayContaining(compared));
});
