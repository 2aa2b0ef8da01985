import { Controller, Get, Injectable, Module, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RedisEventLog } from '../../src/channels/redis/index.js';
import {
  ApiServerSentEventResponse,
  EventChannels,
  EventChannelsModule,
  LastEventId,
  MemoryEventLog,
  type EventLog,
  type Response,
} from '../../src/index.js';
import { logs } from '../support/event-log-kinds.js';
import { openEventStream } from '../support/event-stream-client.js';
import { platforms, start } from '../support/platforms.js';
import { redisProgram, RedisServer } from '../support/redis-server.js';
import { send } from '../support/send.js';

class Order {
  @ApiProperty()
  n!: number;
}

@Controller('orders')
class OrdersController {
  constructor(private readonly channels: EventChannels) {}

  @Get('events')
  @ApiServerSentEventResponse({ events: { placed: Order } })
  events(@LastEventId() after?: string): Promise<Response> {
    return this.channels.respond('orders', { after, heartbeat: 20 });
  }

  @Get('all')
  all(@Query('after') after?: string): Promise<Response> {
    return this.channels.respond('orders', { after, from: 'start' });
  }

  /** Mapped, and so checked against the declared schema. */
  @Get('declared')
  @ApiServerSentEventResponse({ type: Order })
  declared() {
    return this.channels.follow('orders', { from: 'start' }) as AsyncIterable<never>;
  }
}

describe.each(platforms.flatMap((platform) => logs.map((log) => ({ platform, log }))))(
  'EventChannelsModule on $platform.name with a $log.name',
  ({ platform, log }) => {
    beforeEach(() => log.setUp());
    afterEach(() => log.tearDown());

    const startApplication = async (own: EventLog = log.create()) => {
      const { app, url } = await start(platform, {
        imports: [EventChannelsModule.forRoot({ log: own })],
        controllers: [OrdersController],
      });
      return { app, url: `${url}/orders`, channels: app.get(EventChannels) };
    };

    it('streams, resumes, ends, and stops a client that has received everything', async () => {
      const { url, channels } = await startApplication();
      const first = await channels.publish('orders', { event: 'placed', data: { n: 1 } });
      const stream = await openEventStream(`${url}/events`, first);
      expect(stream.status).toBe(200);
      const second = await channels.publish('orders', { event: 'placed', data: { n: 2 } });
      expect(await stream.next()).toEqual({ id: second, event: 'placed', data: '{"n":2}' });
      stream.close();

      const third = await channels.publish('orders', { event: 'placed', data: { n: 3 } });
      const again = await openEventStream(`${url}/events`, second);
      expect(await again.next()).toEqual({ id: third, event: 'placed', data: '{"n":3}' });
      await channels.end('orders');
      expect(await again.next()).toBeUndefined();

      const rest = `id: ${third}\nevent: placed\ndata: {"n":3}\n\n`;
      const late = await send(`${url}/events`, { headers: { 'Last-Event-ID': second } });
      expect(late).toMatchObject({ status: 200, body: rest, isComplete: true });
      const over = await send(`${url}/events`, { headers: { 'Last-Event-ID': third } });
      expect(over).toMatchObject({ status: 204, body: '' });
      const fresh = await send(`${url}/events`);
      expect(fresh.status).toBe(204);
      const all = await send(`${url}/all`);
      expect(all.body.split('\n\n')).toHaveLength(4);
      const gap = await send(`${url}/all?after=nonsense`);
      expect(gap.status).toBe(200);
      expect(gap.body).toContain(
        `event: gap\ndata: {"after":"nonsense","oldest":"${first}"}\n\nid: ${first}\n`,
      );
    });

    it('starts with events published after the head was sent', async () => {
      const { url, channels } = await startApplication();
      const stream = await openEventStream(`${url}/all`, undefined);
      const id = await channels.publish('orders', { data: 'x' });
      for (let event = await stream.next(); event?.id !== id; event = await stream.next()) {
        expect(event).toBeDefined();
      }
      stream.close();
    });

    it('ends its streams with the application', async () => {
      const { app, url } = await startApplication();
      const stream = await openEventStream(`${url}/all?after=begin`);
      await stream.next();
      await app.close();
      for (let event = await stream.next(); event; event = await stream.next()) {
        expect(event.event).not.toBe('error');
      }
    });
  },
);

describe.runIf(redisProgram)('event streams while Redis is down', () => {
  it.each(platforms)(
    'stay open with heartbeats, and resume without a gap ($name)',
    async (platform) => {
      const server = await RedisServer.start();
      onTestFinished(() => server.remove());
      const { app, url } = await start(platform, {
        imports: [EventChannelsModule.forRoot({ log: new RedisEventLog({ url: server.url }) })],
        controllers: [OrdersController],
      });
      const channels = app.get(EventChannels);
      const first = await channels.publish('orders', { data: 0 });
      const stream = await openEventStream(`${url}/orders/events`, first);
      await server.stop('SIGKILL');
      await expect(channels.publish('orders', { data: 'lost' })).rejects.toThrow(
        'cannot be reached',
      );
      const late = await openEventStream(`${url}/orders/events`, first);
      expect(late.status).toBe(200);
      for (let i = 0; i < 5; i++) {
        expect(await stream.nextComment()).toBe('heartbeat');
        expect(await late.nextComment()).toBe('heartbeat');
      }
      await server.restart();
      const ids: string[] = [];
      await expect
        .poll(async () => ids.push(await channels.publish('orders', { data: ids.length })))
        .toBe(1);
      ids.push(await channels.publish('orders', { data: 1 }));
      for (const open of [stream, late]) {
        expect([(await open.next())?.id, (await open.next())?.id]).toEqual(ids);
      }
    },
  );
});

describe('EventChannelsModule', () => {
  @Injectable()
  class Feature {
    constructor(readonly channels: EventChannels) {}
  }
  @Module({ providers: [Feature] })
  class FeatureModule {}

  it.each([
    ['the bare class', () => EventChannelsModule],
    ['forRoot()', () => EventChannelsModule.forRoot()],
    ['forRoot() with a log', () => EventChannelsModule.forRoot({ log: new MemoryEventLog() })],
    ['forRootAsync()', () => EventChannelsModule.forRootAsync({ useFactory: () => ({}) })],
  ])('makes the channels injectable in every module by %s', async (_, create) => {
    const module = await Test.createTestingModule({ imports: [create(), FeatureModule] }).compile();
    await module.init();
    const { channels } = module.get(Feature, { strict: false });
    const id = await channels.publish('a', { data: 1 });
    expect(id).toMatch(/^[0-9a-f]{12}-1$/);
    await module.close();
  });

  it.each([
    [{ maxLength: 1 }, 'EventChannelsModule has no option "maxLength". Its option is "log".'],
    [{ log: null }, 'The option "log" of EventChannelsModule must be an EventLog, got null'],
    [{ log: 'redis://localhost' }, `must be an EventLog, got 'redis://localhost' without append()`],
    [{ log: { append: () => 1 } }, 'without read(), follow(), end(), close().'],
  ])('rejects the options %j at start-up', async (options, message) => {
    const module = Test.createTestingModule({
      imports: [EventChannelsModule.forRoot(options as object)],
    });
    await expect(module.compile()).rejects.toThrow(message);
  });

  it('prevents the start of an application if the log cannot be reached', async () => {
    const log = new RedisEventLog({ url: 'redis://127.0.0.1:1' });
    const module = await Test.createTestingModule({
      imports: [EventChannelsModule.forRoot({ log })],
    }).compile();
    await expect(module.init()).rejects.toThrow('Redis at redis://127.0.0.1:1 cannot be reached');
  });
});
