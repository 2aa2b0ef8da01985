import { Controller, Get } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { openEventStream } from '../../test/support/event-stream-client.js';
import { LogCollector } from '../../test/support/log-collector.js';
import { platforms, start } from '../../test/support/platforms.js';
import { AppModule as After } from './src/after/app.module.js';
import { ApiEnvelope } from './src/after/api-envelope.decorator.js';
import { AppModule as Before } from './src/before/app.module.js';
import { PuppyDto } from './src/before/puppies.dto.js';
import { PuppiesService } from './src/puppies.service.js';

const PUPPY = {
  id: 1,
  name: 'Fido',
  born: '2026-01-31T00:00:00.000Z',
  weight: '7.50',
  chip: '276098106012345',
  owner: { name: 'Ann', phone: '555-0100' },
};
const DECLARED = {
  id: 1,
  name: 'Fido',
  born: '2026-01-31',
  weight: '7.50',
  owner: { name: 'Ann' },
};

/** The log entries with 'warn', in the order of the requests of the test. */
const LOG = [
  'PuppiesController.owner() declares a schema for 200 that cannot be compiled: The schema of OwnerDto cannot be compiled: OwnerDto declares no properties',
  'GET /puppies: $.data fits better than the whole: if an interceptor wraps it, declare the envelope, by PageDto.',
  'GET /puppies/:id: $.data fits better than the whole: if an interceptor wraps it, declare the envelope, by PuppyDto.',
  'POST /puppies: $.data fits better than the whole: if an interceptor wraps it, declare the envelope, by PuppyDto.',
];

describe.each(platforms)('sample/05-adopting on $name', (platform) => {
  const serve = async (module: typeof Before | typeof After) => {
    const logger = new LogCollector();
    const { url } = await start(platform, {
      responses: false,
      imports: [module],
      application: { logger },
    });
    const get = async (path: string) => (await fetch(`${url}${path}`)).json() as Promise<unknown>;
    const post = async (body: object) => {
      const answer = await fetch(`${url}/puppies`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      return [answer.status, await answer.json()];
    };
    return { url, logger, get, post };
  };

  it("sends the same as without the module before, and logs what 'error' would change", async () => {
    const { logger, get, post } = await serve(Before);
    expect(await get('/puppies')).toEqual({ data: { items: [PUPPY], total: 1 } });
    expect(await get('/puppies/1')).toEqual({ data: PUPPY });
    expect(await get('/puppies/1/owner')).toEqual({ data: PUPPY.owner });
    const [status, created] = await post({ name: 'Luna' });
    expect([status, created]).toMatchObject([201, { data: { id: 2, chip: '276098106054321' } }]);
    expect(logger.entries).toHaveLength(LOG.length);
    LOG.forEach((line, index) => expect(logger.entries[index]).toContain(line));
  });

  it('logs the remaining differences once the envelope is declared', async () => {
    @Controller('puppies')
    class FoundController {
      @Get()
      @ApiEnvelope(PuppyDto)
      find() {
        return new PuppiesService().find(1);
      }
    }
    const logger = new LogCollector();
    const { url } = await start(platform, {
      responses: { validation: 'warn' },
      controllers: [FoundController],
      application: { logger },
    });
    await fetch(`${url}/puppies`);
    expect(logger.entries.map((entry) => entry.split(', by ')[0])).toEqual([
      'warn: GET /puppies: $.data.weight must be number',
      'warn: GET /puppies: $.data.chip is not declared, and would be left out',
      'warn: GET /puppies: $.data.owner is not declared, and would be left out',
    ]);
  });

  it('sends only declared properties after, and logs nothing', async () => {
    const { logger, get, post } = await serve(After);
    expect(await get('/puppies')).toEqual({ data: { items: [DECLARED], total: 1 } });
    expect(await get('/puppies/1')).toEqual({ data: DECLARED });
    expect(await get('/puppies/1/owner')).toEqual({ data: DECLARED.owner });
    expect(await post({ name: 'Luna' })).toEqual([
      201,
      { data: { id: 2, name: 'Luna', born: '2026-02-28', weight: '0.90', owner: null } },
    ]);
    expect(logger.entries).toEqual([]);
  });

  it.each([Before, After])('downloads a file and streams events in both states', async (module) => {
    const { url, get } = await serve(module);
    expect(await get('/puppies/export')).toEqual([PUPPY]);
    const stream = await openEventStream(`${url}/puppies/events`);
    expect(await stream.next()).toMatchObject({ event: 'count', data: '{"count":1}' });
  });
});
