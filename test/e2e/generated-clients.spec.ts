import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, DocumentBuilder } from '@nestjs/swagger';
import { of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  ServerSentEvent,
  setupOpenAPI,
} from '../../src/index.js';
import {
  compileProgram,
  generateWithHeyAPI,
  generateWithOrval,
} from '../support/generated-client.js';
import { platforms, start, type Platform } from '../support/platforms.js';

class Puppy {
  @ApiProperty()
  name!: string;

  @ApiProperty({ type: 'integer' })
  age!: number;
}

const Tick = z.object({ n: z.int() });
const FIDO = { name: 'Fido', age: 3 };

@Controller()
class PuppiesController {
  @Get('puppies')
  @ApiOperation({ operationId: 'listPuppies' })
  @ApiOkResponse({ type: [Puppy] })
  list() {
    return [FIDO];
  }

  @Get('events')
  @ApiOperation({ operationId: 'watchPuppies' })
  @ApiServerSentEventResponse({ type: Puppy })
  events(): Observable<Puppy> {
    return of(FIDO, { ...FIDO, age: 4 });
  }

  @Get('named')
  @ApiOperation({ operationId: 'watchNamed' })
  @ApiServerSentEventResponse({ events: { puppy: Puppy, tick: Tick } })
  named(): Observable<
    ServerSentEvent<Puppy, 'puppy'> | ServerSentEvent<z.infer<typeof Tick>, 'tick'>
  > {
    return of(
      new ServerSentEvent({ event: 'puppy' as const, data: FIDO }),
      new ServerSentEvent({ event: 'tick' as const, data: { n: 7 } }),
    );
  }

  @Get('lines')
  @ApiOperation({ operationId: 'readLines' })
  @ApiNDJSONResponse({ type: Puppy })
  lines(): Observable<Puppy> {
    return of(FIDO, FIDO);
  }
}

const heyAPI = `
import { client } from './client/client.gen.js';
import { listPuppies, watchNamed, watchPuppies } from './client/sdk.gen.js';

export async function call(baseUrl: string) {
  client.setConfig({ baseUrl });
  const { data } = await listPuppies();
  const names: string[] = (data ?? []).map((puppy) => puppy.name);
  const ages: number[] = [];
  for await (const puppy of (await watchPuppies({ sseMaxRetryAttempts: 1 })).stream) {
    const age: number = puppy.age;
    ages.push(age);
  }
  const named: (string | number)[] = [];
  for await (const item of (await watchNamed({ sseMaxRetryAttempts: 1 })).stream) {
    named.push('n' in item ? item.n : item.name);
  }
  return { names, ages, named };
}

export async function wrong() {
  for await (const puppy of (await watchPuppies()).stream) {
    // @ts-expect-error -- a puppy has no such property
    puppy.chip;
    // @ts-expect-error -- the item is the data of an event, not the event
    puppy.data;
  }
}
`;

const orval = `
import { listPuppies, type Puppy, type watchPuppiesResponse200 } from './client.js';

export const event: watchPuppiesResponse200['data'] = { name: 'Fido', age: 3 };
// @ts-expect-error -- the data of an event, not the event
export const wrong: watchPuppiesResponse200['data'] = { data: '' };

export async function call() {
  const { data } = await listPuppies();
  const names: string[] = data.map((puppy: Puppy) => puppy.name);
  return { names };
}
`;

describe.each(['3.0.0', '3.1.1'] as const)('A client generated from OpenAPI %s', (version) => {
  const serve = async () => {
    let document: object = {};
    const { url } = await start(platforms[0] as Platform, {
      controllers: [PuppiesController],
      configure: (app) => {
        const base = new DocumentBuilder().setOpenAPIVersion(version).build();
        document = setupOpenAPI(app, { path: '/schema/', document: base });
      },
    });
    return { url, document };
  };

  it('with @hey-api/openapi-ts reads typed items of event streams', async () => {
    const { url, document } = await serve();
    const program = await compileProgram(await generateWithHeyAPI(document), heyAPI);
    expect(program.errors).toEqual([]);
    const { call } = (await import(/* @vite-ignore */ program.url)) as {
      call: (baseUrl: string) => Promise<unknown>;
    };
    expect(await call(url)).toEqual({ names: ['Fido'], ages: [3, 4], named: ['Fido', 7] });
  });

  it('with orval types the data of event streams', async () => {
    const { url, document } = await serve();
    const program = await compileProgram(await generateWithOrval(document, url), orval);
    expect(program.errors).toEqual([]);
    const { call } = (await import(/* @vite-ignore */ program.url)) as {
      call: () => Promise<unknown>;
    };
    expect(await call()).toEqual({ names: ['Fido'] });
  });
});
