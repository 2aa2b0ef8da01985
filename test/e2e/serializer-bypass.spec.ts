import { ClassSerializerInterceptor, Controller, Get, UseInterceptors } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { Exclude } from 'class-transformer';
import { describe, expect, it } from 'vitest';
import { APIResponse, JSONResponse, JSONRPCResponse } from '../../src/index.js';
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

@UseInterceptors(ClassSerializerInterceptor)
@Controller('intercepted')
class InterceptedController extends PuppiesController {}

const PATHS = ['value', 'response', 'response', 'list', 'rpc', 'schema', 'plain', 'other'];

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
});
