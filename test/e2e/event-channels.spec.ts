import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  ChannelEndedError,
  EventChannels,
  type ChannelEventInit,
  type ChannelGap,
  type EventLog,
  type LogPage,
  type LogRecord,
  type Retention,
  type ServerSentEvent,
} from '../../src/index.js';
import { logs } from '../support/event-log-kinds.js';

type Events = AsyncIterableIterator<ServerSentEvent, undefined, undefined>;

/** The next so many events. */
async function take(events: Events, count: number): Promise<ServerSentEvent[]> {
  const taken: ServerSentEvent[] = [];
  while (taken.length < count) {
    const result = await events.next();
    if (result.done) {
      throw new Error(`The events ended after ${taken.length} of ${count}.`);
    }
    taken.push(result.value);
  }
  return taken;
}

async function data(events: Events, count: number): Promise<unknown[]> {
  return (await take(events, count)).map((event) => event.data);
}

/** All events of a channel that ends. */
async function rest(events: Events): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const event of events) {
    all.push(event.data);
  }
  return all;
}

/** Counts the channels that are followed in a log. */
class CountingLog implements EventLog {
  open = 0;

  constructor(private readonly log: EventLog) {}

  append(channel: string, record: LogRecord): Promise<string> {
    return this.log.append(channel, record);
  }

  read(channel: string, after: string | undefined, count: number): Promise<LogPage> {
    return this.log.read(channel, after, count);
  }

  async *follow(channel: string, after: string | undefined, signal: AbortSignal) {
    this.open++;
    try {
      yield* this.log.follow(channel, after, signal);
    } finally {
      this.open--;
    }
  }

  end(channel: string): Promise<void> {
    return this.log.end(channel);
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

describe.each(logs)('event channels on a $name', (log) => {
  beforeAll(() => log.setUp());
  afterAll(() => log.tearDown());

  let count = 0;
  /** The name of a channel that no other test has. */
  const channelName = () => `channel ${++count}`;

  const open = (retention?: Retention) => {
    const channels = new EventChannels(log.create(retention));
    onTestFinished(() => channels.close());
    return channels;
  };

  const publishAll = async (channels: EventChannels, channel: string, values: unknown[]) => {
    const ids: string[] = [];
    for (const value of values) {
      ids.push(await channels.publish(channel, { data: value }));
    }
    return ids;
  };

  it('yields new events', async () => {
    const channels = open();
    const channel = channelName();
    await channels.publish(channel, { data: 'before' });
    const events = channels.follow(channel);
    const first = events.next();
    await channels.publish(channelName(), { data: 'elsewhere' });
    const other = channels.follow(channel, { from: 'start' });
    expect(await data(other, 1)).toEqual(['before']);
    // By now the first has begun as well, as both have asked the same log in turn.
    await channels.publish(channel, { data: 'after' });
    expect((await first).value?.data).toBe('after');
    expect(await data(other, 1)).toEqual(['after']);
  });

  it('yields the events published since an id, then new ones', async () => {
    const channels = open();
    const channel = channelName();
    const ids = await publishAll(channels, channel, [1, 2, 3]);
    const events = channels.follow(channel, { after: ids[0] });
    const replayed = await take(events, 2);
    expect(replayed.map(({ id }) => id)).toEqual(ids.slice(1));
    const next = events.next();
    const id = await channels.publish(channel, { event: 'more', data: { n: 4 } });
    const { value } = await next;
    expect(value).toMatchObject({ id, event: 'more', data: { n: 4 } });
    expect(value?.encode()).toBe(`id: ${id}\nevent: more\ndata: {"n":4}\n\n`);
  });

  it('yields all missed events to a follower that paused', async () => {
    const channels = open();
    const channel = channelName();
    const events = channels.follow(channel, { from: 'start' });
    await channels.publish(channel, { data: 0 });
    expect(await data(events, 1)).toEqual([0]);
    const values = Array.from({ length: 3000 }, (_, i) => i + 1);
    await Promise.all(values.map((value) => channels.publish(channel, { data: value })));
    expect(await data(events, 3000)).toEqual(values);
  });

  it.each<[string, ChannelEventInit, string]>([
    ['text', { data: 'hello' }, 'data: hello\n'],
    ['an empty string', { data: '' }, 'data: \n'],
    ['no data', { event: 'bare' }, 'event: bare\ndata:\n'],
    ['null', { data: null }, 'data: null\n'],
    ['an object', { event: 'placed', data: { id: 7 } }, 'event: placed\ndata: {"id":7}\n'],
    ['lines', { data: 'a\r\nb\rc\nd' }, 'data: a\ndata: b\ndata: c\ndata: d\n'],
    ['what looks binary', { data: '\0\u0001\ufeff\u2028ÿ😀' }, 'data: \0\u0001\ufeff\u2028ÿ😀\n'],
    ['a megabyte', { data: 'é'.repeat(500_000) }, `data: ${'é'.repeat(500_000)}\n`],
  ])('carries %s', async (_, event, text) => {
    const channels = open();
    const channel = channelName();
    const id = await channels.publish(channel, event);
    const [replayed] = await take(channels.follow(channel, { from: 'start' }), 1);
    expect(replayed?.encode()).toBe(`id: ${id}\n${text}\n`);
    expect(replayed?.data).toEqual(event.data);
  });

  it('encodes an event once for all followers', async () => {
    const channels = open();
    const channel = channelName();
    const first = await channels.publish(channel, { data: 'first' });
    const followers = Array.from({ length: 20 }, () => channels.follow(channel, { after: first }));
    const taken = Promise.all(followers.map((events) => take(events, 1)));
    await channels.publish(channel, { data: { n: 1 } });
    expect(new Set((await taken).flat()).size).toBe(1);
  });

  it.each([
    '',
    ' ',
    'a:b/c?d#e%20%',
    '%',
    '%25',
    '{a}*?[x]',
    'line\nbreak\0',
    '😀',
    '\ud83d',
    '\ude00',
    '%d83d',
    '\ufffd',
    '__proto__',
    'constructor',
  ])('keeps the channel %j separate from others', async (channel) => {
    const channels = open();
    await channels.publish(channel, { data: [channel] });
    await channels.end(channel);
    expect(await rest(channels.follow(channel, { from: 'start' }))).toEqual([[channel]]);
  });

  it.each([
    ['malformed', 'no id of ours'],
    ['empty', ''],
    ['of another epoch', 'a1b2c3d4e5f6-3'],
    ['of the future', '999999999999999-0'],
    ['far too large', `${'9'.repeat(30)}-${'9'.repeat(30)}`],
    ['from before all', '0-0'],
    ['not of this world', '1e3-0x1'],
  ])(
    'reports the gap after an id that is %s, then yields all retained events',
    async (_, after) => {
      const channels = open();
      const channel = channelName();
      const [oldest] = await publishAll(channels, channel, [1, 2]);
      const events = channels.follow(channel, { after });
      const [gap] = await take(events, 1);
      expect(gap).toMatchObject({ event: 'gap', data: { after, oldest } });
      expect(await data(events, 2)).toEqual([1, 2]);
      const next = data(events, 1);
      await channels.publish(channel, { data: 3 });
      expect(await next).toEqual([3]);
    },
  );

  it('reports the gap of an empty channel', async () => {
    const channels = open();
    const channel = channelName();
    const events = channels.follow(channel, { after: 'lost' });
    const [gap] = await take(events, 1);
    expect(gap).toMatchObject({ event: 'gap', data: { after: 'lost', oldest: null } });
    const next = data(events, 1);
    await channels.publish(channel, { data: 1 });
    expect(await next).toEqual([1]);
  });

  it('reports the gap after an event that is no longer retained, once', async () => {
    const channels = open({ maxLength: 10 });
    const channel = channelName();
    const ids = await publishAll(
      channels,
      channel,
      Array.from({ length: 500 }, (_, i) => i),
    );
    const events = channels.follow(channel, { after: ids[3] });
    const [gap] = await take(events, 1);
    const first = ids.indexOf((gap as ServerSentEvent<ChannelGap>).data?.oldest ?? '');
    expect(first).toBeGreaterThan(4);
    expect(first).toBeLessThanOrEqual(490);
    const expected = Array.from({ length: 500 - first }, (_, i) => first + i);
    expect(await data(events, expected.length)).toEqual(expected);

    const again = channels.follow(channel, { after: gap?.id });
    expect(await data(again, expected.length)).toEqual(expected);
  });

  it('reports no gap after the event before the oldest retained one', async () => {
    const channels = open({ maxLength: 10 });
    const channel = channelName();
    const ids = await publishAll(
      channels,
      channel,
      Array.from({ length: 500 }, (_, i) => i),
    );
    const [oldest] = await take(channels.follow(channel, { from: 'start' }), 1);
    const index = ids.indexOf(oldest?.id ?? '');
    const events = channels.follow(channel, { after: ids[index - 1] });
    expect(await data(events, 1)).toEqual([index]);
  });

  it('reports the gap to a follower that is overtaken by trimming', async () => {
    const channels = open({ maxLength: 100 });
    const channel = channelName();
    const events = channels.follow(channel, { from: 'start' });
    await publishAll(channels, channel, ['seen']);
    expect(await data(events, 1)).toEqual(['seen']);
    const values = Array.from({ length: 5000 }, (_, i) => i);
    await Promise.all(values.map((value) => channels.publish(channel, { data: value })));
    await channels.end(channel);

    const all = await rest(events);
    expect(all.at(-1)).toBe(4999);
    expect(all.some((value) => typeof value === 'object')).toBe(true);
    const isHole = (value: unknown, i: number) =>
      typeof value === 'number' &&
      typeof all[i - 1] === 'number' &&
      value !== Number(all[i - 1]) + 1;
    expect(all.filter(isHole)).toEqual([]);
  });

  it('forgets old events, but still knows that nothing is missing', async () => {
    // Long enough for the last event to be read on a busy machine before it is too old as well.
    const channels = open({ maxAge: 1000 });
    const channel = channelName();
    const id = await channels.publish(channel, { data: 'old' });
    await expect
      .poll(
        async () => {
          const events = channels.follow(channel, { after: '0-0' });
          const [gap] = await take(events, 1);
          await events.return?.();
          return gap?.data;
        },
        { timeout: 20_000 },
      )
      .toEqual({ after: '0-0', oldest: null });
    const events = channels.follow(channel, { after: id });
    const next = data(events, 1);
    await channels.publish(channel, { data: 'new' });
    expect(await next).toEqual(['new']);
  });

  it('delivers the remaining events of an ended channel, then ends', async () => {
    const channels = open();
    const channel = channelName();
    const live = rest(channels.follow(channel, { from: 'start' }));
    const [first] = await publishAll(channels, channel, [1, 2, 3]);
    await channels.end(channel);
    await channels.end(channel);
    expect(await live).toEqual([1, 2, 3]);
    expect(await rest(channels.follow(channel, { after: first }))).toEqual([2, 3]);
    expect(await rest(channels.follow(channel))).toEqual([]);
  });

  it('rejects events for a channel that has ended', async () => {
    const channels = open();
    const channel = channelName();
    await channels.end(channel);
    await expect(channels.publish(channel, { data: 1 })).rejects.toThrow(ChannelEndedError);
  });

  it.each<[string, ChannelEventInit, string]>([
    ['has no field', {}, 'at least one field'],
    ['has a type of two lines', { event: 'a\nb', data: 1 }, 'single line'],
    ['JSON cannot hold', { data: { n: 1n } }, 'JSON cannot hold "n"'],
  ])('rejects an event that %s', async (_, event, message) => {
    await expect(open().publish('refused', event)).rejects.toThrow(message);
  });

  it('keeps the order of a process that publishes without waiting', async () => {
    const channels = open();
    const channel = channelName();
    const values = Array.from({ length: 200 }, (_, i) => i);
    await Promise.all(values.map((value) => channels.publish(channel, { data: value })));
    expect(await data(channels.follow(channel, { from: 'start' }), 200)).toEqual(values);
  });

  it('ends immediately when its signal aborts, even while the channel is quiet', async () => {
    const channels = open();
    const controller = new AbortController();
    const events = channels.follow(channelName(), { signal: controller.signal });
    const next = events.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    const late = channels.follow(channelName(), { signal: controller.signal });
    expect(await late.next()).toEqual({ done: true, value: undefined });
  });

  it('ends all followers when it is closed', async () => {
    const channels = open();
    const next = channels.follow(channelName(), { from: 'start' }).next();
    await channels.close();
    expect(await next).toEqual({ done: true, value: undefined });
    await expect(channels.publish('late', { data: 1 })).rejects.toThrow('closed');
  });

  it('keeps nothing of 10,000 channels that are no longer followed', async () => {
    const counted = new CountingLog(log.create());
    const channels = new EventChannels(counted);
    onTestFinished(() => channels.close());
    const followers = Array.from({ length: 10_000 }, (_, i) =>
      channels.follow(`left ${i}`, { from: 'start' }),
    );
    const waiting = Promise.all(followers.map((events) => events.next()));
    await expect.poll(() => counted.open, { timeout: 60_000 }).toBe(10_000);
    // A channel that comes to all the others is heard of as well.
    const other = channels.follow('one more', { from: 'start' });
    const next = other.next();
    await channels.publish('one more', { data: 1 });
    expect((await next).value?.data).toBe(1);
    await Promise.all([other, ...followers].map(async (events) => events.return?.()));
    expect((await waiting).every(({ done }) => done)).toBe(true);
    await expect.poll(() => counted.open).toBe(0);
  }, 120_000);

  it('answers calls of next() in turn', async () => {
    const channels = open();
    const channel = channelName();
    const events = channels.follow(channel, { from: 'start' });
    const results = Promise.all([events.next(), events.next(), events.next()]);
    await publishAll(channels, channel, [1, 2]);
    await channels.end(channel);
    expect((await results).map(({ value }) => value?.data)).toEqual([1, 2, undefined]);
  });
});
