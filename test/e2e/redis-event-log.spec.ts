import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Keys } from '../../src/channels/redis/keys.js';
import { RedisEventLog } from '../../src/channels/redis/index.js';
import { EventChannels, EventLogUnavailableError } from '../../src/index.js';
import { redisProgram, RedisServer } from '../support/redis-server.js';

describe.runIf(redisProgram)('a RedisEventLog', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.remove());

  const open = (url = server.url) => {
    const channels = new EventChannels(new RedisEventLog({ url }));
    onTestFinished(() => channels.close());
    return channels;
  };

  /** A plain client, which looks at the server from outside. */
  const inspect = async () => {
    const client = createClient({ url: server.url });
    await client.connect();
    onTestFinished(() => client.destroy());
    return client;
  };

  it.each([
    ['', '""'],
    ['localhost:6379', '"localhost:6379"'],
    ['http://localhost:6379', '"http://localhost:6379"'],
    ['redis//user:secret@localhost', '"redis//…@localhost"'],
    [undefined, 'undefined'],
  ])('refuses the URL %j, and keeps its password to itself', (url, shown) => {
    expect(() => new RedisEventLog({ url: url as string })).toThrow(
      `The option "url" of RedisEventLog must be like "redis://localhost:6379", got ${shown}.`,
    );
  });

  it.each([
    { maxLength: 0 },
    { maxLength: 1.5 },
    { maxAge: -1 },
    { maxAge: Infinity },
    { maxAge: Number.NaN },
  ])('refuses %j', (retention) => {
    expect(() => new RedisEventLog({ url: server.url, ...retention })).toThrow(
      'must be a positive integer',
    );
  });

  it('reports an unreachable server, without the password', async () => {
    const log = new RedisEventLog({ url: 'redis://user:secret@127.0.0.1:1/0' });
    const error = await log.read('', undefined, 0).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EventLogUnavailableError);
    expect((error as Error).message).toBe(
      'Redis at redis://127.0.0.1:1/0 cannot be reached (connect ECONNREFUSED 127.0.0.1:1). The command was ' +
        'not sent. Check the option "url" of RedisEventLog, and that the server is running.',
    );
  });

  it('reads all channels of a process by one blocking command, on a connection of its own', async () => {
    const client = await inspect();
    const channels = open();
    const followers = Array.from({ length: 200 }, (_, i) =>
      channels.follow(`shared ${i % 50}`, { from: 'start' }),
    );
    const first = Promise.all(followers.map((events) => events.next()));
    for (let i = 0; i < 50; i++) {
      await channels.publish(`shared ${i}`, { data: i });
    }
    await first;
    await expect
      .poll(async () => (await client.clientList()).map(({ cmd }) => cmd))
      .toContain('xread');
    const commands = (await client.clientList()).map(({ cmd }) => cmd).toSorted();
    // The one that looks, the one for commands, the one that waits.
    expect(commands).toHaveLength(3);
    expect(commands.filter((cmd) => cmd === 'xread')).toHaveLength(1);
  });

  it('hears at once of a channel that is followed while it waits for others', async () => {
    const channels = open();
    await channels.publish('awaited', { data: 0 });
    const others = channels.follow('quiet').next();
    const events = channels.follow('awaited', { from: 'start' });
    for (let i = 0; i < 20; i++) {
      expect((await events.next()).value?.data).toBe(i);
      const added = channels.follow(`added ${i}`);
      const next = added.next();
      await channels.publish('awaited', { data: i + 1 });
      void next;
      await added.return?.();
    }
    await channels.end('quiet');
    expect((await others).done).toBe(true);
  });

  it('leaves no key that does not expire', async () => {
    const client = await inspect();
    await client.flushAll();
    const log = new RedisEventLog({ url: server.url, maxAge: 5000 });
    const channels = new EventChannels(log);
    const next = channels.follow('kept').next();
    await channels.publish('kept', { data: 1 });
    await channels.publish('ended', { data: 1 });
    await channels.end('ended');
    await channels.end('kept');
    await next;
    await channels.close();
    const keys = await client.keys('*');
    const ages = await Promise.all(keys.map(async (key) => [key, await client.pTTL(key)] as const));
    expect(ages.filter(([, age]) => age < 0)).toEqual([]);
    const streams = ages.filter(([key]) => !key.includes(':wake:'));
    expect(streams).toHaveLength(4);
    expect(streams.filter(([, age]) => age > 5000)).toEqual([]);
  });

  it('rejects what is published while Redis is down, and goes on complete when it is back', async () => {
    const own = await RedisServer.start();
    onTestFinished(() => own.remove());
    const channels = open(own.url);
    const first = await channels.publish('outage', { data: 0 });
    const live = channels.follow('outage', { after: first });
    const next = live.next();
    await own.stop('SIGKILL');

    await expect(channels.publish('outage', { data: 'lost' })).rejects.toThrow(
      EventLogUnavailableError,
    );
    const late = channels.follow('outage', { after: first });
    const lateNext = late.next();
    const response = await channels.respond('outage', { after: first });
    expect(response.statusCode).toBe(200);

    await own.restart();
    let published = 0;
    await expect
      .poll(async () => {
        await channels.publish('outage', { data: 1 });
        return ++published;
      })
      .toBe(1);
    expect((await next).value?.data).toBe(1);
    expect((await lateNext).value?.data).toBe(1);
    const more = Promise.all([live.next(), late.next()]);
    await channels.publish('outage', { data: 2 });
    expect((await more).map(({ value }) => value?.data)).toEqual([2, 2]);
  });

  it('rejects what is published while Redis stands still, and goes on when it moves again', async () => {
    const own = await RedisServer.start();
    onTestFinished(() => own.remove());
    const channels = open(own.url);
    const first = await channels.publish('frozen', { data: 0 });
    const events = channels.follow('frozen', { after: first });
    const next = events.next();
    own.signal('SIGSTOP');
    await expect(channels.publish('frozen', { data: 1 })).rejects.toThrow(
      'The command may have been executed',
    );
    own.signal('SIGCONT');
    await expect
      .poll(() => channels.publish('frozen', { data: 2 }), { timeout: 20_000 })
      .toBeTypeOf('string');
    // It had the command of the first of them, and carries it out.
    expect([1, 2]).toContain((await next).value?.data);
  }, 60_000);

  it('tells the gap when Redis comes back without what it had kept', async () => {
    const client = await inspect();
    const channels = open();
    const first = await channels.publish('flushed', { data: 0 });
    const events = channels.follow('flushed', { after: first });
    const next = events.next();
    await channels.publish('flushed', { data: 1 });
    expect((await next).value?.data).toBe(1);
    const gap = events.next();
    await client.flushAll();
    const oldest = await channels.publish('flushed', { data: 2 });
    expect((await gap).value).toMatchObject({ event: 'gap', data: { oldest } });
    expect((await events.next()).value?.data).toBe(2);
  });

  it('opens again when it is used again, as the application of the next test does', async () => {
    const log = new RedisEventLog({ url: server.url });
    onTestFinished(() => log.close());
    for (let i = 0; i < 2; i++) {
      const channels = new EventChannels(log);
      await channels.publish('again', { data: i });
      await channels.close();
    }
    expect((await log.read('again', undefined, 10)).entries).toHaveLength(2);
  });

  it('fails only the streams of a key that it has not created', async () => {
    const client = await inspect();
    await client.set(new Keys('nestjs-responses', 16).of('foreign').stream, 'text');
    const channels = open();
    const good = channels.follow('good', { from: 'start' }).next();
    await expect(channels.follow('foreign', { from: 'start' }).next()).rejects.toThrow('WRONGTYPE');
    await channels.publish('good', { data: 1 });
    expect((await good).value?.data).toBe(1);
  });
});
