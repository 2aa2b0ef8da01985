import { ClassSerializerInterceptor, Controller, Get, UseInterceptors } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { Exclude } from 'class-transformer';
import { map, timer } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { APIResponse, JSONResponse, JSONRPCResponse, NDJSONResponse } from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type StartOptions } from '../support/platforms.js';
import { request } from '../support/request.js';

class Owner {
  readonly name = 'Ann';

  @Exclude()
  readonly phone = '555';
}

class Puppy {
  @ApiProperty()
  readonly name: string = 'Fido';

  @Exclude()
  readonly chip = 'secret';

  readonly owner = new Owner();
}

class Plain {
  readonly name = 'Rex';
}

@Controller()
class PuppiesController {
  @Get('value')
  value() {
    return new Puppy();
  }

  @Get('response')
  response() {
    return new JSONResponse(new Puppy());
  }

  @Get('list')
  list() {
    return new JSONResponse([new Puppy()]);
  }

  @Get('envelope')
  envelope() {
    return new JSONResponse({ total: 1, data: new Puppy() });
  }

  @Get('page')
  page() {
    return new JSONResponse({ meta: null, page: { items: [new Puppy()] } });
  }

  @Get('rpc')
  rpc() {
    return new JSONRPCResponse({ result: new Puppy() });
  }

  @Get('schema')
  schema() {
    return new APIResponse(new Puppy(), { schema: Puppy });
  }

  @Get('plain')
  plain() {
    return new JSONResponse({ name: 'Fido', chip: 'secret' });
  }

  @Get('other')
  other() {
    return new JSONResponse(new Plain());
  }
}

const calls: string[] = [];

class Active extends Puppy {
  readonly remove = () => calls.push('remove');
}

class Document extends Puppy {
  readonly internals = { reload: () => calls.push('reload') };

  toJSON() {
    return { name: this.name };
  }
}

@UseInterceptors(ClassSerializerInterceptor)
@Controller('unusual')
class UnusualController {
  @Get('observable')
  observable() {
    return new NDJSONResponse(timer(1).pipe(map(() => ({ name: 'Fido' }))));
  }

  @Get('observable-in-object')
  observableInObject() {
    return new JSONResponse({ name: 'Fido', source: timer(1) });
  }

  @Get('functions')
  functions() {
    return new JSONResponse(new Active());
  }

  @Get('document')
  document() {
    return new JSONResponse([new Document()]);
  }

  @Get('getter')
  getter() {
    return new JSONResponse({
      get name(): string {
        throw new Error('No name');
      },
    });
  }

  @Get('without-class')
  withoutClass() {
    return new JSONResponse(Object.create(Object.create(null) as object));
  }

  @Get('constructor')
  namedConstructor() {
    const result = Object.assign(new Plain(), { driver: 'Ann' });
    const value = 'Rex';
    return new JSONResponse(
      Object.defineProperty(result, 'constructor', { value, enumerable: true }),
    );
  }
}

@UseInterceptors(ClassSerializerInterceptor)
@Controller('intercepted')
class InterceptedController extends PuppiesController {}

const PATHS = [
  'value',
  'response',
  'response',
  'list',
  'envelope',
  'page',
  'rpc',
  'schema',
  'plain',
  'other',
];

describe.each(platforms)('ClassSerializerInterceptor on $name', (platform) => {
  async function logsOf(prefix: string, options: StartOptions): Promise<readonly string[]> {
    const logs = new LogCollector();
    const { url } = await start(platform, {
      ...options,
      configure: async (app) => {
        app.useLogger(logs);
        await options.configure?.(app);
      },
    });
    for (const path of PATHS) {
      expect((await request(`${url}${prefix}/${path}`)).status).toBe(200);
    }
    return logs.entries;
  }

  const MESSAGES = (prefix: string) => [
    `warn: GET ${prefix}/response: a JSONResponse sends "chip", "owner.phone" of Puppy`,
    `warn: GET ${prefix}/list: a JSONResponse sends "chip", "owner.phone" of Puppy`,
    `warn: GET ${prefix}/envelope: a JSONResponse sends "chip", "owner.phone" of Puppy`,
    `warn: GET ${prefix}/page: a JSONResponse sends "chip", "owner.phone" of Puppy`,
    `warn: GET ${prefix}/rpc: a JSONRPCResponse sends "chip", "owner.phone" of Puppy`,
  ];

  it('that is global: warns once for each route that bypasses it', async () => {
    const entries = await logsOf('', {
      controllers: [PuppiesController],
      configure: (app) =>
        void app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector))),
    });
    expect(entries.map((entry) => entry.split(', which')[0])).toEqual(MESSAGES(''));
  });

  it('that a controller has: warns once too', async () => {
    const entries = await logsOf('/intercepted', { controllers: [InterceptedController] });
    expect(entries.map((entry) => entry.split(', which')[0])).toEqual(MESSAGES('/intercepted'));
  });

  it('that is not used does not warn', async () => {
    expect(await logsOf('', { controllers: [PuppiesController] })).toEqual([]);
  });

  it.each([
    ['observable', '{"name":"Fido"}\n'],
    ['observable-in-object', '{"name":"Fido","source":{}}'],
    ['functions', expect.stringContaining('"chip":"secret"')],
    ['document', '[{"name":"Fido"}]'],
    ['without-class', '{}'],
    ['constructor', '{"name":"Rex","driver":"Ann","constructor":"Rex"}'],
  ])('neither calls nor breaks what a response contains: /%s', async (path, body) => {
    calls.length = 0;
    const uncaught = vi.fn<() => void>();
    process.prependListener('uncaughtException', uncaught);
    onTestFinished(() => void process.off('uncaughtException', uncaught));
    const { url } = await start(platform, { controllers: [UnusualController] });
    const answer = await request(`${url}/unusual/${path}`);
    expect(answer.status).toBe(200);
    expect(String(answer.body)).toEqual(body);
    // A timer that was subscribed to without a subscriber would have thrown by now.
    await request(`${url}/unusual/document`);
    expect(calls).toEqual([]);
    expect(uncaught).not.toHaveBeenCalled();
  });

  it('leaves the report of a getter that fails to the response', async () => {
    const logs = new LogCollector();
    const { url } = await start(platform, {
      controllers: [UnusualController],
      configure: (app) => app.useLogger(logs),
    });
    expect((await request(`${url}/unusual/getter`)).status).toBe(500);
    expect(logs.entries.join()).toContain('JSON cannot hold "name": No name');
  });
});
