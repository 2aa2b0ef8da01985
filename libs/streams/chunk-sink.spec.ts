import { once } from 'node:events';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ControlledTarget } from '../../test/support/controlled-target.js';
import { turn, until } from '../../test/support/turn.js';
import { ChunkSink, type ChunkSinkOptions } from './chunk-sink.js';

const CHUNK = 16 * 1024;

interface Setup {
  readonly sink: ChunkSink;
  readonly target: ControlledTarget;
  /** Why the body was cut. */
  readonly overruns: string[];
}

function setUp({
  isReading = true,
  ...options
}: Partial<ChunkSinkOptions> & { readonly isReading?: boolean } = {}): Setup {
  const target = new ControlledTarget({ isReading });
  const overruns: string[] = [];
  const sink = new ChunkSink(target, {
    maxBufferedBytes: 1024,
    sendTimeout: false,
    onOverrun: (reason) => overruns.push(reason),
    ...options,
  });
  return { sink, target, overruns };
}

/** A sink whose client has stopped reading, in an earlier turn, with one chunk on its way. */
async function setUpStalled(options: Partial<ChunkSinkOptions> = {}): Promise<Setup> {
  const setup = setUp({ ...options, isReading: false });
  setup.sink.push('x'.repeat(CHUNK));
  await turn();
  return setup;
}

function useFakeClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a pushed chunk', () => {
  it('is written together with all others of its turn, microtasks included', async () => {
    const { sink, target } = setUp();
    sink.push('a');
    sink.push('b');
    await Promise.resolve();
    sink.push('c');
    expect(target.chunks).toEqual([]);
    await turn();
    expect(target.chunks).toEqual(['abc']);
  });

  it('is written before the next turn begins', async () => {
    const { sink, target } = setUp();
    await turn();
    for (const item of ['a', 'b', 'c']) {
      sink.push(item);
      await new Promise<void>((resolve) => {
        process.nextTick(resolve);
      });
      expect(target.chunks.at(-1)).toBe(item);
    }
    expect(target.chunks).toEqual(['a', 'b', 'c']);
  });

  it('is written immediately if it fills 16 KiB', () => {
    const { sink, target } = setUp();
    sink.push('x'.repeat(CHUNK - 1));
    expect(target.chunks).toEqual([]);
    sink.push('y');
    expect(target.chunks).toEqual([`${'x'.repeat(CHUNK - 1)}y`]);
  });

  it('is combined with others if a turn has many small ones', async () => {
    const { sink, target } = setUp();
    for (let i = 0; i < 10_000; i += 1) {
      sink.push('0123456789');
    }
    await turn();
    expect(target.text).toBe('0123456789'.repeat(10_000));
    expect(target.chunks).toHaveLength(Math.ceil(100_000 / CHUNK));
  });

  it('keeps its order if text and bytes alternate', async () => {
    const { sink, target } = setUp();
    sink.push('a');
    sink.push(Buffer.from('é'));
    sink.push('c');
    sink.push(Buffer.from('d'));
    await turn();
    expect(target.text).toBe('aécd');
  });

  it('is ignored once the body has ended', async () => {
    const { sink, target } = setUp();
    sink.push('a');
    sink.end();
    sink.push('b');
    await once(target, 'finish');
    expect(target.text).toBe('a');
    expect(sink.isClosed).toBe(true);
  });
});

describe('the head', () => {
  it('is sent at the end of the first turn if there are no chunks', async () => {
    const { target } = setUp();
    expect(target.heads).toBe(0);
    await turn();
    expect(target.heads).toBe(1);
    await turn();
    expect(target.heads).toBe(1);
  });

  it('is sent with the chunks of the first turn', async () => {
    const { sink, target } = setUp();
    sink.push('a');
    await turn();
    sink.push('b');
    await turn();
    expect(target.heads).toBe(0);
  });
});

describe('a transformation that holds text back', () => {
  it('is flushed at the end of each turn', async () => {
    const target = Object.assign(new ControlledTarget(), { flush: vi.fn<() => void>() });
    const sink = new ChunkSink(target, {
      maxBufferedBytes: 1024,
      sendTimeout: false,
      onOverrun: () => undefined,
    });
    await turn();
    expect(target.flush).not.toHaveBeenCalled();
    sink.push('a');
    sink.push('b');
    await turn();
    expect(target.flush).toHaveBeenCalledTimes(1);
  });

  it('is flushed after the client has received the waiting chunks, not before', async () => {
    const target = Object.assign(new ControlledTarget({ isReading: false }), {
      flush: vi.fn<() => void>(),
    });
    const sink = new ChunkSink(target, {
      maxBufferedBytes: 1024,
      sendTimeout: false,
      onOverrun: () => undefined,
    });
    sink.push('x'.repeat(CHUNK));
    await turn();
    sink.push('a');
    await turn();
    expect(target.flush).not.toHaveBeenCalled();
    target.read();
    await until(() => target.text.endsWith('a'));
    expect(target.flush).toHaveBeenCalledTimes(1);
  });
});

describe('a client that reads as fast as the source writes', () => {
  it('does not block the event loop if a source never waits', async () => {
    const target = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => done() });
    const sink = new ChunkSink(target, {
      maxBufferedBytes: 1024,
      sendTimeout: false,
      onOverrun: () => undefined,
    });
    let hasTurned = false;
    setImmediate(() => {
      hasTurned = true;
    });
    // Far more than fits into a slice of time.
    for (let i = 0; i < 100_000 && !hasTurned; i += 1) {
      if (!sink.takesNext()) {
        await sink.ready();
      }
      sink.push('x'.repeat(CHUNK));
    }

    expect(hasTurned).toBe(true);
  });
});

describe('a client that is not reading', () => {
  it('makes a pull source wait until it reads', async () => {
    const { sink, target } = await setUpStalled();
    const readied = vi.fn<() => void>();
    expect(sink.takesNext()).toBe(false);
    const ready = sink.ready();
    void ready.then(readied);
    await turn();
    expect(readied).not.toHaveBeenCalled();
    target.read();
    await ready;
    expect(sink.takesNext()).toBe(true);
  });

  it('receives the waiting chunks in order, then the rest', async () => {
    const { sink, target } = await setUpStalled();
    sink.push('a');
    sink.push(Buffer.from('b'));
    await turn();
    sink.push('c');
    await turn();
    expect(target.chunks).toEqual([]);
    target.read();
    await until(() => target.text.length === CHUNK + 3);
    sink.push('d');
    await turn();
    expect(target.text).toBe(`${'x'.repeat(CHUNK)}abcd`);
  });

  it('receives more than two thousand chunks in their order', async () => {
    const { sink, target } = await setUpStalled({ maxBufferedBytes: 1024 * 1024 });
    const chunks = Array.from({ length: 2500 }, (_, i) => `${i};`);
    for (const chunk of chunks) {
      sink.push(Buffer.from(chunk));
    }
    target.read();
    await until(() => target.chunks.length === 2501);
    expect(target.chunks.slice(1)).toEqual(chunks);
  });

  it('is sent up to 64 KiB of the turn in which it stops, if the target writes ahead', async () => {
    const { sink, target } = setUp({ isReading: false, writesAhead: true });
    for (let i = 0; i < 6; i += 1) {
      sink.push('x'.repeat(CHUNK));
    }
    expect(target.writableLength).toBe(4 * CHUNK);
    await turn();
    sink.push('y');
    await turn();
    expect(target.writableLength).toBe(4 * CHUNK);
    target.read();
    await until(() => target.text.endsWith('y'));
    expect(target.text.length).toBe(6 * CHUNK + 1);
  });

  it('is sent the end of the body too, and has the send timeout for both', async () => {
    useFakeClock();
    const { sink, target, overruns } = setUp({
      isReading: false,
      writesAhead: true,
      sendTimeout: 1000,
    });
    sink.push('x'.repeat(CHUNK));
    sink.push('x'.repeat(CHUNK));
    sink.end();
    expect(target.writableEnded).toBe(true);
    vi.advanceTimersByTime(900);
    target.read();
    await once(target, 'finish');
    expect(sink.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(overruns).toEqual([]);
  });

  it('can be sent a burst of any size within a turn', async () => {
    const { sink, target, overruns } = setUp({ isReading: false });
    for (let i = 0; i < 100; i += 1) {
      sink.push('x'.repeat(CHUNK));
    }
    await turn();
    expect(overruns).toEqual([]);
    target.read();
    await until(() => target.text.length === 100 * CHUNK);
    expect(sink.isClosed).toBe(false);
  });

  it('can be sent a second burst within the same turn', async () => {
    const { sink, target, overruns } = await setUpStalled();
    sink.push('a');
    await turn();
    await turn();
    sink.push('b'.repeat(CHUNK));
    sink.push('c'.repeat(CHUNK));
    target.read();
    await until(() => target.text.length === 3 * CHUNK + 1);
    expect(overruns).toEqual([]);
  });

  it('is cut once the chunks of later turns exceed the limit', async () => {
    const { sink, target, overruns } = await setUpStalled();
    let sent = 0;
    while (overruns.length === 0 && sent < 100) {
      sink.push('y'.repeat(100));
      sent += 1;
      await turn();
    }
    expect(overruns).toEqual(['more than 1024 bytes wait for it (streams.maxBufferedBytes)']);
    expect(sent).toBeLessThanOrEqual(20);
    expect(target.destroyed).toBe(true);
    expect(sink.isClosed).toBe(true);
    sink.push('z');
    sink.end();
    sink.cut();
    await turn();
    expect(overruns).toHaveLength(1);
    expect(target.writableEnded).toBe(false);
  });

  it('counts bytes, not characters', async () => {
    const { sink, overruns } = await setUpStalled({ maxBufferedBytes: 1000 });
    for (let i = 0; i < 10; i += 1) {
      sink.push('€'.repeat(60));
      await turn();
    }
    expect(overruns).toHaveLength(1);
  });

  it('can fall behind repeatedly if it reads in between', async () => {
    const { sink, target, overruns } = await setUpStalled();
    for (let round = 0; round < 5; round += 1) {
      sink.push('y'.repeat(900));
      await turn();
      target.read();
      await until(() => sink.takesNext());
      target.read(false);
      sink.push('x'.repeat(CHUNK));
      await turn();
    }
    expect(overruns).toEqual([]);
    expect(sink.isClosed).toBe(false);
  });

  it('is cut after the send timeout, with the reason', async () => {
    const { sink, target, overruns } = setUp({ isReading: false, sendTimeout: 20 });
    sink.push('x'.repeat(CHUNK));
    await once(target, 'close');
    expect(overruns).toEqual(['it took nothing for 20 ms (streams.sendTimeout)']);
    expect(sink.isClosed).toBe(true);
  });

  it('can take up to the send timeout for each chunk', async () => {
    useFakeClock();
    const { sink, target, overruns } = await setUpStalled({ sendTimeout: 1000 });
    for (let i = 0; i < 4; i += 1) {
      sink.push('x'.repeat(CHUNK));
    }
    await turn();
    for (let i = 0; i < 4; i += 1) {
      vi.advanceTimersByTime(900);
      target.readOne();
      await turn();
    }
    expect(overruns).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(overruns).toHaveLength(1);
  });

  it('is not cut at the send timeout while it may be receiving, but afterwards', async () => {
    useFakeClock();
    let isTaking = true;
    const { overruns } = await setUpStalled({
      sendTimeout: 1000,
      isTaking: () => isTaking,
    });
    vi.advanceTimersByTime(10_000);
    expect(overruns).toEqual([]);
    isTaking = false;
    vi.advanceTimersByTime(125);
    expect(overruns).toEqual(['it took nothing for 1000 ms (streams.sendTimeout)']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is cut at the send timeout if it receives nothing', async () => {
    useFakeClock();
    const { overruns } = await setUpStalled({ sendTimeout: 1000, isTaking: () => false });
    vi.advanceTimersByTime(999);
    expect(overruns).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(overruns).toHaveLength(1);
  });

  it('has the whole send timeout for the next chunk after a late one', async () => {
    useFakeClock();
    let isTaking = true;
    const { sink, target, overruns } = await setUpStalled({
      sendTimeout: 1000,
      isTaking: () => isTaking,
    });
    sink.push('x'.repeat(CHUNK));
    await turn();
    vi.advanceTimersByTime(1500);
    isTaking = false;
    target.readOne();
    await turn();
    vi.advanceTimersByTime(999);
    expect(overruns).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(overruns).toHaveLength(1);
  });

  it('is checked only after the send timeout', async () => {
    useFakeClock();
    const isTaking = vi.fn<() => boolean>(() => true);
    const { sink, target } = await setUpStalled({ sendTimeout: 1000, isTaking });
    vi.advanceTimersByTime(999);
    expect(isTaking).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(isTaking).toHaveBeenCalledTimes(1);
    target.read();
    await turn();
    vi.advanceTimersByTime(10_000);
    expect(isTaking).toHaveBeenCalledTimes(1);
    target.read(false);
    sink.push('x'.repeat(CHUNK));
    await turn();
    vi.advanceTimersByTime(1500);
    sink.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not cut if nothing is sent', async () => {
    useFakeClock();
    const { sink, overruns } = setUp({ sendTimeout: 1000 });
    sink.push('x'.repeat(CHUNK));
    await turn();
    vi.advanceTimersByTime(10_000);
    expect(overruns).toEqual([]);
    expect(sink.isClosed).toBe(false);
  });

  it('can wait forever without a send timeout', async () => {
    useFakeClock();
    await setUpStalled({ sendTimeout: false });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a client that reads', () => {
  it('receives 1,000,000 items of one burst, regardless of the limit', async () => {
    const { sink, target, overruns } = setUp();
    let expected = 0;
    for (let i = 0; i < 1_000_000; i += 1) {
      const item = `${i}\n`;
      expected += item.length;
      sink.push(item);
    }
    sink.end();
    await once(target, 'finish');
    expect(target.text.length).toBe(expected);
    expect(target.text.endsWith('\n999998\n999999\n')).toBe(true);
    expect(overruns).toEqual([]);
  });
});

describe('a heartbeat', () => {
  const heartbeat = { interval: 1000, text: '♥' };

  it('is sent after each interval without a write', async () => {
    useFakeClock();
    const { target } = setUp({ heartbeat });
    await turn();
    for (let i = 1; i <= 3; i += 1) {
      vi.advanceTimersByTime(999);
      await turn();
      expect(target.text).toBe('♥'.repeat(i - 1));
      vi.advanceTimersByTime(1);
      await turn();
      expect(target.text).toBe('♥'.repeat(i));
    }
  });

  it('is not sent while other chunks are', async () => {
    useFakeClock();
    const { sink, target } = setUp({ heartbeat });
    for (let i = 0; i < 10; i += 1) {
      sink.push('a');
      await turn();
      vi.advanceTimersByTime(900);
    }
    await turn();
    expect(target.text).toBe('a'.repeat(10));
  });

  it('is not sent to a client that is not reading', async () => {
    useFakeClock();
    const { target } = await setUpStalled({ heartbeat });
    vi.advanceTimersByTime(10_000);
    target.read();
    await turn();
    expect(target.text).toBe('x'.repeat(CHUNK));
  });

  it('is not sent after the end of the body', async () => {
    useFakeClock();
    const { sink, target } = setUp({ heartbeat });
    sink.end();
    vi.advanceTimersByTime(10_000);
    await turn();
    expect(target.text).toBe('');
  });
});

describe('the end', () => {
  it.each(['end', 'cut'] as const)('comes after all waiting chunks (%s)', async (ending) => {
    const { sink, target } = await setUpStalled();
    sink.push('a');
    sink[ending]();
    sink.push('b');
    await turn();
    expect(target.writableEnded || target.destroyed).toBe(false);
    target.read();
    await once(target, 'close');
    expect(target.text).toBe(`${'x'.repeat(CHUNK)}a`);
    expect(target.writableFinished).toBe(ending === 'end');
  });

  it('comes after the chunks of its turn, even for a cut', async () => {
    const { sink, target } = setUp();
    sink.push('a');
    sink.cut();
    await once(target, 'close');
    expect(target.text).toBe('a');
    expect(target.writableFinished).toBe(false);
  });

  it('is the first one that was requested', async () => {
    const { sink, target } = setUp();
    sink.end();
    sink.cut();
    await once(target, 'close');
    expect(target.writableFinished).toBe(true);
  });

  it('of a client that never reads is cut by the send timeout', async () => {
    const { sink, target, overruns } = setUp({ isReading: false, sendTimeout: 20 });
    sink.push('x'.repeat(CHUNK));
    sink.end();
    await once(target, 'close');
    expect(overruns).toHaveLength(1);
    expect(target.writableFinished).toBe(false);
  });
});

describe('a sink that is closed', () => {
  it.each(['close', 'end'] as const)('leaves no timer and no listener (%s)', async (how) => {
    useFakeClock();
    const { sink, target } = await setUpStalled({
      sendTimeout: 1000,
      heartbeat: { interval: 1000, text: '♥' },
    });
    expect(target.listenerCount('drain')).toBe(1);
    expect(vi.getTimerCount()).toBe(2);
    sink.push('y');
    sink[how]();
    target.read();
    await turn();
    expect(sink.isClosed).toBe(true);
    expect(target.listenerCount('drain')).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('needs no timer and no listener for a body that ends within its first turn', () => {
    useFakeClock();
    const { sink, target } = setUp({ sendTimeout: 1000, heartbeat: { interval: 1000, text: '♥' } });
    sink.push('a');
    sink.end();
    expect(target.listenerCount('drain')).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets a waiting source continue', async () => {
    const { sink } = await setUpStalled();
    const ready = sink.ready();
    sink.close();
    await expect(ready).resolves.toBeUndefined();
    await expect(sink.ready()).resolves.toBeUndefined();
  });

  it('writes nothing more', async () => {
    const { sink, target } = setUp();
    sink.push('a');
    sink.close();
    sink.push('b');
    await turn();
    expect(target.text).toBe('');
    expect(target.heads).toBe(0);
  });
});
