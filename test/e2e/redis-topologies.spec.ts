import { randomUUID } from 'node:crypto';
import { createClient, createCluster, createSentinel } from 'redis';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Keys } from '../../src/channels/redis/keys.js';
import { RedisEventLog, type RedisEventLogOptions } from '../../src/channels/redis/index.js';
import { EventChannels, EventLogUnavailableError } from '../../src/index.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { redisProgram, RedisServer } from '../support/redis-server.js';
import { RedisSentinels, sentinelProgram } from '../support/redis-sentinels.js';

const keys = new Keys('nestjs-responses', 16);
const CHANNELS = Array.from({ length: 24 }, (_, index) => `topology ${index}`);

function open(options: RedisEventLogOptions): EventChannels {
  const channels = new EventChannels(new RedisEventLog(options));
  onTestFinished(() => channels.close());
  return channels;
}

/** Follows a channel, and publishes to it until stopped. */
interface Traffic {
  /**
   * Stops publishing. Checks that each acknowledged event was received once and in order, or that a gap was reported.
   */
  verify(): Promise<{ readonly published: number; readonly gaps: number }>;
}

function traffic(
  publisher: EventChannels,
  reader: EventChannels,
  names: readonly string[] = CHANNELS.map((name) => `${name} ${randomUUID()}`),
): Traffic {
  let isStopped = false;
  const runs = names.map(async (channel) => {
    const acknowledged: string[] = [];
    const seen: string[] = [];
    let gaps = 0;
    let isReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    const following = (async () => {
      for await (const { id, event, data } of reader.follow(channel, { from: 'start' })) {
        isReady();
        if (event === 'gap') {
          gaps += 1;
          // All that is retained comes again.
          seen.length = 0;
        } else if (data === 'last') {
          return;
        } else {
          seen.push(id as string);
        }
      }
    })();
    const publish = async (data: string) => {
      for (;;) {
        try {
          return await publisher.publish(channel, { data });
        } catch (error) {
          if (!(error instanceof EventLogUnavailableError)) {
            throw error;
          }
          await pause(50);
        }
      }
    };
    acknowledged.push(await publish('first'));
    await ready;
    while (!isStopped) {
      acknowledged.push(await publish('more'));
      await pause(20);
    }
    await publish('last');
    await following;
    return { acknowledged, seen, gaps };
  });
  return {
    verify: async () => {
      isStopped = true;
      const results = await Promise.all(runs);
      for (const { acknowledged, seen, gaps } of results) {
        const time = (id: string) => Number(id.replace('-', '.'));
        expect(seen).toEqual(seen.toSorted((a, b) => time(a) - time(b)));
        expect(new Set(seen).size).toBe(seen.length);
        const missing = acknowledged.filter((id) => !seen.includes(id));
        // The engine may lose acknowledged writes. A gap has then been reported.
        expect(missing.length === 0 || gaps > 0).toBe(true);
      }
      return {
        published: results.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
        gaps: results.reduce((sum, { gaps }) => sum + gaps, 0),
      };
    },
  };
}

describe.runIf(redisProgram)('a RedisEventLog on a cluster', { timeout: 60_000 }, () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
  }, 60_000);
  afterAll(() => cluster?.remove());

  const connect = () => open({ cluster: { rootNodes: cluster.rootNodes } });

  it('publishes, follows, resumes and ends channels of all shards', async () => {
    const [publisher, reader] = [connect(), connect()];
    for (const name of CHANNELS) {
      const channel = `all ${name}`;
      const first = await publisher.publish(channel, { event: 'a', data: 1 });
      await publisher.publish(channel, { event: 'b', data: { c: 2 } });
      const events = reader.follow(channel, { after: first });
      expect((await events.next()).value).toMatchObject({ event: 'b', data: { c: 2 } });
      await publisher.end(channel);
      expect((await events.next()).done).toBe(true);
    }
  });

  it('waits on one connection a shard at most', async () => {
    const reader = connect();
    const publisher = connect();
    const followers = Array.from({ length: 200 }, (_, index) =>
      reader.follow(`many ${index}`, { from: 'start' }).next(),
    );
    for (let index = 0; index < 200; index++) {
      await publisher.publish(`many ${index}`, { data: index });
    }
    await Promise.all(followers);
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    for (let index = 0; index < 200; index++) {
      void reader.follow(`many ${index}`, { signal: controller.signal }).next();
    }
    await expect
      .poll(async () => {
        const lists = await Promise.all(
          cluster.nodes.map(({ port }) => cluster.run(port, 'client', 'list')),
        );
        return lists
          .join('\n')
          .split('\n')
          .filter((line) => line.includes('cmd=xread')).length;
      })
      .toBe(16);
  });

  it('reports a cluster node that was passed as a single server', async () => {
    const [{ url } = { url: '' }] = cluster.rootNodes;
    await expect(open({ url }).publish('orders', { data: 1 })).rejects.toThrow(
      /it is a node of a cluster\. Use the option "cluster" instead of "url"\./,
    );
  });

  it('works by a client of the application, which stays open', async () => {
    const client = createCluster({ rootNodes: cluster.rootNodes });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.destroy());
    const channels = new EventChannels(new RedisEventLog({ client }));
    const events = channels.follow('borrowed', { from: 'start' });
    await channels.publish('borrowed', { data: 'a' });
    expect((await events.next()).value?.data).toBe('a');
    await channels.close();
    expect(client.isOpen).toBe(true);
    expect(await client.get('none')).toBeNull();
  });

  it('goes on while a slot moves to another master', async () => {
    const names = CHANNELS.map((name) => `moving ${name}`);
    const running = traffic(connect(), connect(), names);
    await pause(500);
    for (const channel of names.slice(0, 3)) {
      await cluster.moveSlotOf(keys.of(channel).stream);
    }
    await pause(500);
    expect(await running.verify()).toMatchObject({ gaps: 0 });
  });

  it('goes on when connections are killed', async () => {
    const running = traffic(connect(), connect());
    await pause(300);
    for (const { port } of cluster.nodes) {
      await cluster.run(port, 'client', 'kill', 'type', 'normal', 'skipme', 'yes');
    }
    await pause(300);
    expect(await running.verify()).toMatchObject({ gaps: 0 });
  });

  it('goes on when a master is killed and its replica takes over', async () => {
    const running = traffic(connect(), connect());
    await pause(500);
    await cluster.killMasterOf(keys.of(CHANNELS[0] as string).stream);
    await pause(5_000);
    const { published } = await running.verify();
    expect(published).toBeGreaterThan(CHANNELS.length * 10);
  });
});

describe.runIf(sentinelProgram)('a RedisEventLog with Sentinel', { timeout: 60_000 }, () => {
  let sentinels: RedisSentinels;
  beforeAll(async () => {
    sentinels = await RedisSentinels.start();
  }, 60_000);
  afterAll(() => sentinels?.remove());

  const options = () => ({
    name: sentinels.name,
    sentinelRootNodes: sentinels.sentinelRootNodes,
  });

  it('works by a client of the application, which stays open', async () => {
    const client = createSentinel(options());
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.destroy());
    const channels = new EventChannels(new RedisEventLog({ client }));
    const events = channels.follow('borrowed', { from: 'start' });
    await channels.publish('borrowed', { data: 'a' });
    expect((await events.next()).value?.data).toBe('a');
    await channels.close();
    expect(client.isOpen).toBe(true);
  });

  it('reports a master that Sentinel does not know', async () => {
    const channels = open({ sentinel: { ...options(), name: 'other' } });
    await expect(channels.publish('orders', { data: 1 })).rejects.toThrow(
      /Redis at "other" of the Sentinels at 127\.0\.0\.1:\d+.* cannot be reached.*Check the option "sentinel"/,
    );
  });

  it('goes on when Sentinel has the replica take over', async () => {
    const running = traffic(open({ sentinel: options() }), open({ sentinel: options() }));
    await pause(500);
    await sentinels.failover();
    await pause(2_000);
    const { published } = await running.verify();
    expect(published).toBeGreaterThan(CHANNELS.length * 5);
  });

  it('goes on when the master is killed', async () => {
    const running = traffic(open({ sentinel: options() }), open({ sentinel: options() }));
    await pause(500);
    await sentinels.killMaster();
    await pause(2_000);
    const { published } = await running.verify();
    expect(published).toBeGreaterThan(CHANNELS.length * 5);
  });
});

describe.runIf(redisProgram)('a RedisEventLog on a server', { timeout: 30_000 }, () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.remove());

  it('works by a client of the application, which stays open', async () => {
    const client = createClient({ url: server.url });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.destroy());
    const channels = new EventChannels(new RedisEventLog({ client, prefix: 'mine', shards: 2 }));
    const events = channels.follow('borrowed', { from: 'start' });
    await channels.publish('borrowed', { data: 'a' });
    expect((await events.next()).value?.data).toBe('a');
    await channels.close();
    expect(client.isOpen).toBe(true);
    const written = await client.keys('*');
    expect(written.every((key) => /^mine:\{[01]\}:(events|place|wake):/.test(key))).toBe(true);
  });

  it('goes on when connections are killed, and when the server pauses', async () => {
    const client = createClient({ url: server.url });
    await client.connect();
    onTestFinished(() => client.destroy());
    const running = traffic(open({ url: server.url }), open({ url: server.url }));
    await pause(300);
    await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await pause(300);
    await client.sendCommand(['CLIENT', 'PAUSE', '500', 'ALL']);
    await pause(700);
    expect(await running.verify()).toMatchObject({ gaps: 0 });
  });

  it('needs the commands and keys that the documentation grants, and no more', async () => {
    const client = createClient({ url: server.url });
    await client.connect();
    onTestFinished(() => client.destroy());
    const granted = '+eval +get +set +xadd +xtrim +pexpire +xrange +xread +exists +ping'.split(' ');
    const user = async (...rules: string[]) => {
      await client.sendCommand([
        'ACL',
        'SETUSER',
        'events',
        'reset',
        'on',
        '>secret',
        '~nestjs-responses:*',
        ...rules,
      ]);
      return open({ url: server.url.replace('//', '//events:secret@') });
    };
    const channels = await user(...granted);
    const events = channels.follow('acl', { from: 'start' });
    await channels.publish('acl', { data: 'a' });
    expect((await events.next()).value?.data).toBe('a');
    for (const missing of [
      '+eval',
      '+get',
      '+set',
      '+xadd',
      '+xtrim',
      '+pexpire',
      '+xrange',
      '+xread',
    ]) {
      const error: unknown = await (
        await user(...granted.filter((rule) => rule !== missing))
      )
        .publish('acl', { data: 'a' })
        .catch((reason: unknown) => reason);
      expect((error as Error).message).toContain(
        'its user is not allowed to run a command or use a key. Grant +eval',
      );
      expect((error as Error).message).not.toContain('secret');
    }
    const foreign = await user(...granted, 'resetkeys', '~other:*');
    await expect(foreign.publish('acl', { data: 'a' })).rejects.toThrow(
      'its user is not allowed to run',
    );
    const wrong = open({ url: server.url.replace('//', '//events:wrong@') });
    await expect(wrong.publish('acl', { data: 'a' })).rejects.toThrow(/WRONGPASS/);
  });
});

describe('new RedisEventLog()', () => {
  it.each<[options: object, message: string]>([
    [{}, 'The option "url" of RedisEventLog must be like'],
    [{ url: 'redis://localhost', cluster: { rootNodes: [{}] } }, 'got "url" and "cluster"'],
    [{ url: 'redis://localhost', client: {} }, 'got "url" and "client"'],
    [{ cluster: { rootNodes: [] } }, 'The option "cluster" of RedisEventLog needs "rootNodes"'],
    [{ cluster: {} }, 'The option "cluster" of RedisEventLog needs "rootNodes"'],
    [{ sentinel: { name: 'a' } }, 'needs "sentinelRootNodes"'],
    [{ sentinel: { sentinelRootNodes: [{ host: 'a', port: 1 }] } }, 'needs the "name" of a master'],
    [
      { client: {} },
      'The option "client" of RedisEventLog must be a client of the package "redis"',
    ],
    [{ client: null }, 'got null'],
    [{ url: 'redis://localhost', prefix: '' }, 'The option "prefix"'],
    [{ url: 'redis://localhost', prefix: 'a{b}' }, 'The option "prefix"'],
    [{ url: 'redis://localhost', shards: 0 }, 'The option "shards"'],
    [{ url: 'redis://localhost', shards: 1.5 }, 'The option "shards"'],
    [{ url: 'redis://localhost', shards: 2000 }, 'The option "shards"'],
    [{ url: 'redis://localhost', maxlength: 5 }, 'has no option "maxlength"'],
  ])('rejects %j', (options, message) => {
    expect(() => new RedisEventLog(options)).toThrow(TypeError);
    expect(() => new RedisEventLog(options)).toThrow(message);
  });
});
