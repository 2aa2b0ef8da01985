import * as nest from '@nestjs/common';
import {
  ClassSerializerInterceptor,
  Controller,
  Get,
  SerializeOptions,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { Exclude, Expose } from 'class-transformer';
import { map, timer } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { APIResponse, JSONResponse, JSONRPCResponse, NDJSONResponse } from '../../src/index.js';
import { isNest11 } from '../support/nest.js';
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

class Grouped {
  @Expose({ groups: ['owner'] })
  readonly phone = '555';

  readonly name = 'Ann';

  readonly _id = 7;
}

class NameOnly {
  @Expose()
  readonly name: string = '';
}

class OwnSerializer extends ClassSerializerInterceptor {}

@Controller('options')
@UseInterceptors(ClassSerializerInterceptor)
@SerializeOptions({ groups: ['owner'] })
class OptionsController {
  @Get('groups')
  groups() {
    return new JSONResponse(new Grouped());
  }

  @Get('other-groups')
  @SerializeOptions({ groups: ['public'] })
  otherGroups() {
    return new JSONResponse(new Grouped());
  }

  @Get('prefixes')
  @SerializeOptions({ groups: ['owner'], excludePrefixes: ['_'] })
  prefixes() {
    return new JSONResponse(new Grouped());
  }

  @Get('strategy')
  @SerializeOptions({ strategy: 'excludeAll' })
  strategy() {
    return new JSONResponse(new Plain());
  }

  @Get('type')
  @SerializeOptions({ type: NameOnly, excludeExtraneousValues: true })
  type() {
    return new JSONResponse([{ name: 'Ann', phone: '555' }]);
  }
}

const withoutPhone = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value: unknown) => ({ value: { name: (value as Owner).name } }),
  },
} as const;

/** One route for each place of an interceptor, and one route without any. */
@Controller('places')
class PlacesController {
  @Get('without')
  without() {
    return new JSONResponse(new Puppy());
  }

  @Get('class')
  @UseInterceptors(ClassSerializerInterceptor)
  ofClass() {
    return new JSONResponse(new Owner());
  }

  @Get('instance')
  @UseInterceptors(new ClassSerializerInterceptor(new Reflector(), { groups: ['owner'] }))
  ofInstance() {
    return new JSONResponse(new Grouped());
  }

  @Get('subclass')
  @UseInterceptors(OwnSerializer)
  ofSubclass() {
    return new JSONResponse(new Owner());
  }
}

describe.each(platforms)('ClassSerializerInterceptor on $name', (platform) => {
  async function logsOf(
    prefix: string,
    options: StartOptions,
    paths: readonly string[] = PATHS,
  ): Promise<readonly string[]> {
    const logs = new LogCollector();
    const { url } = await start(platform, {
      ...options,
      configure: async (app) => {
        app.useLogger(logs);
        await options.configure?.(app);
      },
    });
    for (const path of paths) {
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

  it('that a module provides for all routes: warns once', async () => {
    const entries = await logsOf('', {
      controllers: [PuppiesController],
      providers: [{ provide: APP_INTERCEPTOR, useClass: ClassSerializerInterceptor }],
    });
    expect(entries.map((entry) => entry.split(', which')[0])).toEqual(MESSAGES(''));
  });

  it('warns only on the routes that it runs on', async () => {
    const entries = await logsOf(
      '/places',
      { controllers: [PlacesController, InterceptedController] },
      ['without', 'class', 'instance', 'subclass'],
    );
    expect(entries.map((entry) => entry.split(' leaves out')[0])).toEqual([
      'warn: GET /places/class: a JSONResponse sends "phone" of Owner, which ClassSerializerInterceptor',
      'warn: GET /places/subclass: a JSONResponse sends "phone" of Owner, which OwnSerializer',
    ]);
  });

  it('follows @SerializeOptions()', async () => {
    const entries = await logsOf('/options', { controllers: [OptionsController] }, [
      'groups',
      'other-groups',
      'prefixes',
      'strategy',
      'type',
    ]);
    expect(entries.map((entry) => entry.split(', which')[0])).toEqual([
      'warn: GET /options/other-groups: a JSONResponse sends "phone" of Grouped',
      'warn: GET /options/prefixes: a JSONResponse sends "_id" of Grouped',
      'warn: GET /options/strategy: a JSONResponse sends "name" of Plain',
      'warn: GET /options/type: a JSONResponse sends "phone" of NameOnly',
    ]);
  });

  it.skipIf(isNest11)('warns for StandardSchemaSerializerInterceptor too', async () => {
    const { StandardSchemaSerializerInterceptor } = nest;
    @Controller('standard')
    @UseInterceptors(StandardSchemaSerializerInterceptor)
    class StandardController {
      @Get('schema')
      @SerializeOptions({ schema: withoutPhone })
      schema() {
        return new JSONResponse(new Owner());
      }

      @Get('plain')
      @SerializeOptions({ schema: withoutPhone })
      plain() {
        return new JSONResponse([{ name: 'Ann', phone: '555' }]);
      }

      @Get('none')
      none() {
        return new JSONResponse(new Owner());
      }
    }
    const entries = await logsOf('/standard', { controllers: [StandardController] }, [
      'schema',
      'plain',
      'none',
    ]);
    expect(entries.map((entry) => entry.split(' leaves out')[0])).toEqual([
      'warn: GET /standard/schema: a JSONResponse sends "phone" of Owner, which StandardSchemaSerializerInterceptor',
      'warn: GET /standard/plain: a JSONResponse sends "phone" of Object, which StandardSchemaSerializerInterceptor',
    ]);
  });

  it('does not warn of a constant that another route sends without it', async () => {
    const constant = new JSONResponse(new Puppy());
    @Controller('constant')
    class ConstantController {
      @Get('with')
      @UseInterceptors(ClassSerializerInterceptor)
      intercepted() {
        return constant;
      }

      @Get('without')
      bare() {
        return constant;
      }
    }
    const entries = await logsOf('/constant', { controllers: [ConstantController] }, [
      'with',
      'without',
    ]);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toContain('GET /constant/with');
  });

  it('is watched once, and warns in each application that shares it', async () => {
    const interceptor = new ClassSerializerInterceptor(new Reflector());
    @Controller('shared')
    @UseInterceptors(interceptor)
    class SharedController {
      @Get()
      owner() {
        return new JSONResponse(new Owner());
      }
    }
    expect(await logsOf('', { controllers: [SharedController] }, ['shared'])).toHaveLength(1);
    const serialize: unknown = Reflect.get(interceptor, 'serialize');
    expect(await logsOf('', { controllers: [SharedController] }, ['shared'])).toHaveLength(1);
    expect(Reflect.get(interceptor, 'serialize')).toBe(serialize);
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
