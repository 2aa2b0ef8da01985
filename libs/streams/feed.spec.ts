import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { setTimeout } from 'node:timers/promises';
import {
  asapScheduler,
  config,
  defer,
  from,
  interval,
  NEVER,
  Observable,
  of,
  take,
  throwError,
} from 'rxjs';

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ControlledTarget } from '../../test/support/controlled-target.js';
import { turn, until } from '../../test/support/turn.js';
import { ChunkSink } from './chunk-sink.js';
import { feed, release } from './feed.js';
import type { StreamContent } from './source.js';

function closed(stream: Readable | Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
  });
}

interface Run {
  readonly target: ControlledTarget;
  readonly sink: ChunkSink;
  readonly stop: () => void;
  /** The calls of the handlers, in order. */
  readonly told: unknown[];
}

interface RunOptions {
  readonly target?: ControlledTarget;
  readonly encode?: (item: unknown) => string | Promise<string>;
  readonly isReading?: boolean;
  readonly sendTimeout?: number | false;
}

function run(
  content: StreamContent<unknown>,
  {
    encode = (item) => `${String(item)};`,
    isReading = true,
    sendTimeout = false,
    target = new ControlledTarget({ isReading }),
  }: RunOptions = {},
): Run {
  const told: unknown[] = [];
  const sink = new ChunkSink(target, {
    maxBufferedBytes: 1024,
    sendTimeout,
    onOverrun: (reason) => told.push(reason),
  });
  const stop = feed(content, sink, {
    encode,
    onEnd: () => {
      told.push('end');
      sink.end();
    },
    onError: (error) => {
      told.push(error);
      sink.cut();
    },
    onStopError: (error) => told.push(`stop: ${String(error)}`),
  });
  return { target, sink, stop, told };
}

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feed-'));
  file = join(folder, 'file.txt');
  await writeFile(file, 'content');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a source', () => {
  it.each<[what: string, make: () => StreamContent<unknown>]>([
    ['an Observable', () => of(1, 2, 3)],
    ['an Observable that emits later', () => from([1, 2, 3], asapScheduler)],
    ['an array', () => [1, 2, 3]],
    ['a Set', () => new Set([1, 2, 3])],
    [
      'a generator',
      function* () {
        yield* [1, 2, 3];
      },
    ],
    [
      'an async generator',
      async function* () {
        yield 1;
        await turn();
        yield* [2, 3];
      },
    ],
    ['a Readable of objects', () => Readable.from([1, 2, 3])],
    [
      'a Readable of text',
      () => Readable.from([Buffer.from('1'), Buffer.from('2'), Buffer.from('3')]),
    ],
    ['a web ReadableStream', () => ReadableStream.from([1, 2, 3])],
    [
      'an iterator whose results are thenables that are no promises',
      () => {
        let i = 0;
        const next = () => {
          i += 1;
          const result = { done: i > 3, value: i };
          return { then: (resolve: (value: unknown) => void) => resolve(result) };
        };
        return { [Symbol.asyncIterator]: () => ({ next }) } as unknown as AsyncIterable<unknown>;
      },
    ],
  ])('is sent item by item, in order, to its end: %s', async (_what, make) => {
    const { target, told } = run(make());
    await closed(target);
    expect(target.text).toBe('1;2;3;');
    expect(told).toEqual(['end']);
  });

  it('can be empty', async () => {
    const { target, told } = run([]);
    await closed(target);
    expect(target.text).toBe('');
    expect(told).toEqual(['end']);
  });

  it('sends each item before the next one is requested', async () => {
    const seen: string[] = [];
    const target = new ControlledTarget();
    run(
      (async function* () {
        for (let i = 0; i < 3; i += 1) {
          yield i;
          await turn();
          seen.push(target.text);
        }
      })(),
      { target },
    );
    await closed(target);
    expect(seen).toEqual(['0;', '0;1;', '0;1;2;']);
  });

  it('sends a slow item before the next is produced, even if the source never waits', async () => {
    const seen: string[] = [];
    const target = new ControlledTarget();
    run(
      (function* () {
        for (let i = 0; i < 3; i += 1) {
          seen.push(target.text);
          const end = performance.now() + 20;
          while (performance.now() < end);
          yield i;
        }
      })(),
      { target },
    );
    await closed(target);
    expect(seen).toEqual(['', '0;', '0;1;']);
  });

  it('sends items together that arrive together after a wait', async () => {
    const target = new ControlledTarget();
    run(
      (async function* () {
        await setTimeout(20);
        yield 1;
        await setTimeout(20);
        yield 2;
        yield 3;
        yield 4;
      })(),
      { target },
    );
    await closed(target);
    expect(target.chunks).toEqual(['1;', '2;3;4;']);
  });

  it('sends items one by one once they have become slow', async () => {
    const lags: number[] = [];
    const target = new ControlledTarget();
    run(
      (function* () {
        for (let i = 0; i < 1000; i += 1) {
          yield i;
        }
        for (let i = 1000; i < 1020; i += 1) {
          const end = performance.now() + 6;
          while (performance.now() < end);
          yield i;
          lags.push(i - Number(target.text.split(';').at(-2) ?? -1));
        }
      })(),
      { target },
    );
    await closed(target);
    expect(lags.slice(16)).toEqual([0, 0, 0, 0]);
  });

  it('that can wait is read only as fast as the client reads', async () => {
    let asked = 0;
    const { target, stop } = run(
      (function* () {
        for (;;) {
          asked += 1;
          yield 'x'.repeat(1024);
        }
      })(),
      { isReading: false },
    );
    await turn();
    await turn();
    expect(asked).toBeLessThanOrEqual(17);
    const before = asked;
    target.readOne();
    await until(() => asked > before);
    stop();
  });
});

interface Quiet {
  readonly content: StreamContent<unknown>;
  /** True if the resources of the source were released. */
  readonly isReleased: () => boolean;
}

/** Each kind of source. It sends one item and then stays quiet. */
const quietSources: [what: string, make: () => Quiet][] = [
  [
    'an Observable',
    () => {
      let isReleased = false;
      const content = new Observable((subscriber) => {
        subscriber.next(0);
        return () => {
          isReleased = true;
        };
      });
      return { content, isReleased: () => isReleased };
    },
  ],
  [
    'an async iterable',
    () => {
      let isReleased = false;
      const results = [Promise.resolve({ done: false, value: 0 })];
      const iterator = {
        next: () => results.shift() ?? new Promise<IteratorResult<unknown>>(() => undefined),
        return: () => {
          isReleased = true;
          return Promise.resolve({ done: true as const, value: undefined });
        },
        [Symbol.asyncIterator]: () => iterator,
      };
      return { content: iterator, isReleased: () => isReleased };
    },
  ],
  [
    'a Readable of objects',
    () => {
      const content = new Readable({ objectMode: true, read: () => undefined });
      content.push(0);
      return { content, isReleased: () => content.destroyed };
    },
  ],
  [
    'a Readable of text',
    () => {
      const content = new Readable({ encoding: 'utf8', read: () => undefined });
      content.push('0');
      return { content, isReleased: () => content.destroyed };
    },
  ],
  [
    'a web ReadableStream',
    () => {
      let isReleased = false;
      const content = new ReadableStream({
        start: (controller) => controller.enqueue(0),
        cancel: () => {
          isReleased = true;
        },
      });
      return { content, isReleased: () => isReleased };
    },
  ],
];

describe('an iterable of promises', () => {
  it('is awaited item by item', async () => {
    const { target, told } = run([Promise.resolve(1), 2, Promise.resolve(3)]);
    await until(() => told.length > 0);
    expect(told).toEqual(['end']);
    expect(target.text).toBe('1;2;3;');
  });

  it('fails if one of the promises rejects', async () => {
    const failure = new Error('no third');
    const { told } = run([1, Promise.reject(failure)]);
    await until(() => told.length > 0);
    expect(told).toEqual([failure]);
  });
});

describe('a quiet source', () => {
  it.each(quietSources)('is stopped immediately: %s', async (_what, make) => {
    const { content, isReleased } = make();
    const { target, stop, told } = run(content);
    await until(() => target.text === '0;');
    expect(isReleased()).toBe(false);
    stop();
    expect(isReleased()).toBe(true);
    stop();
    await turn();
    expect(told).toEqual([]);
  });

  it.each(quietSources.slice(1))('that was never read is released: %s', (_what, make) => {
    const { content, isReleased } = make();
    release(content, () => undefined);
    expect(isReleased()).toBe(true);
  });

  it('that is an Observable is not subscribed to just to be released', () => {
    let subscriptions = 0;
    release(
      defer(() => {
        subscriptions += 1;
        return NEVER;
      }),
      () => undefined,
    );
    expect(subscriptions).toBe(0);
  });

  it('that is an async generator runs its finally as soon as it can', async () => {
    let goOn: (() => void) | undefined;
    let isDone = false;
    const { target, stop } = run(
      (async function* () {
        try {
          yield 0;
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
          yield 1;
        } finally {
          isDone = true;
        }
      })(),
    );
    await until(() => target.text === '0;' && goOn !== undefined);
    stop();
    await turn();
    expect(isDone).toBe(false);
    goOn?.();
    await until(() => isDone);
    expect(target.text).toBe('0;');
  });

  it('that is a generator runs its finally while the client is not reading', async () => {
    let isDone = false;
    const { stop } = run(
      (function* () {
        try {
          for (;;) {
            yield 'x'.repeat(16 * 1024);
          }
        } finally {
          isDone = true;
        }
      })(),
      { isReading: false },
    );
    await turn();
    stop();
    expect(isDone).toBe(true);
  });

  it('that is an open file is closed', async () => {
    const content = createReadStream(file);
    const { stop } = run(content);
    stop();
    await closed(content);
    expect(content.destroyed).toBe(true);
  });

  it('that is a file which was never read is closed', async () => {
    const content = createReadStream(file);
    release(content, () => undefined);
    await closed(content);
    expect(content.destroyed).toBe(true);
  });

  it('that is a missing file and was never read is not a failure', async () => {
    const content = createReadStream(join(folder, 'missing'));
    const errors: unknown[] = [];
    release(content, (error) => errors.push(error));
    await closed(content);
    expect(errors).toEqual([]);
  });

  it('that is not an iterator itself is not opened just to be released', () => {
    let opened = 0;
    const content = {
      [Symbol.iterator]() {
        opened += 1;
        return [][Symbol.iterator]();
      },
    };
    release(content, () => undefined);
    expect(opened).toBe(0);
  });
});

describe('a source that fails', () => {
  const failure = new Error('failed');
  const fail = (): never => {
    throw failure;
  };

  it.each<[what: string, make: () => StreamContent<unknown>]>([
    ['an Observable', () => throwError(() => failure)],
    ['an Observable that throws while it is subscribed', () => defer(fail)],
    ['a constructed Observable that throws', () => new Observable(fail)],
    ['an iterable that throws when it is opened', () => ({ [Symbol.iterator]: fail })],
    [
      'an iterator that throws when it is asked',
      () => ({ [Symbol.iterator]: () => ({ next: fail }) }),
    ],
    [
      'an async iterator that throws at once',
      () => ({ [Symbol.asyncIterator]: () => ({ next: fail }) }),
    ],
    [
      'an async iterator that rejects',
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) }),
    ],
    [
      'an async iterator that rejects and fails to be stopped',
      () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure), return: undefined }),
      }),
    ],
    [
      'a generator',
      function* () {
        yield* [];
        throw failure;
      },
    ],
    ['a Readable', () => new Readable({ read: fail })],
    [
      'a web ReadableStream',
      () => new ReadableStream({ pull: (controller) => controller.error(failure) }),
    ],
  ])('tells why, once: %s', async (_what, make) => {
    const { target, told } = run(make());
    await closed(target);
    await turn();
    expect(told).toEqual([failure]);
  });

  it.each<[what: string, make: () => StreamContent<unknown>]>([
    ['a missing file', () => createReadStream(join(folder, 'missing'))],
    ['a Readable that was destroyed before', () => Readable.from([1]).destroy()],
    [
      'a web ReadableStream that another reads',
      () => {
        const stream = new ReadableStream();
        stream.getReader();
        return stream;
      },
    ],
    [
      'an iterator whose result is none',
      () => ({ [Symbol.iterator]: () => ({ next: () => undefined as never }) }),
    ],
  ])('is %s', async (_what, make) => {
    const { target, told } = run(make());
    await closed(target);
    expect(told[0]).toBeInstanceOf(Error);
  });

  it('sends the items before the failure', async () => {
    const { target, told } = run(
      (function* () {
        yield 1;
        throw failure;
      })(),
    );
    await closed(target);
    expect(target.text).toBe('1;');
    expect(told).toEqual([failure]);
  });

  it.each(quietSources)('in an item that cannot be encoded is stopped: %s', async (_what, make) => {
    const { content, isReleased } = make();
    const { target, told } = run(content, { encode: fail });
    await closed(target);
    expect(told).toEqual([failure]);
    expect(isReleased()).toBe(true);
  });

  it('in an item of a burst sends none of the following items', async () => {
    const { target, told } = run(of(1, 2, 3), {
      encode: (item) => (item === 2 ? fail() : `${String(item)};`),
    });
    await closed(target);
    expect(target.text).toBe('1;');
    expect(told).toEqual([failure]);
  });

  it.each<[what: string, stopping: () => unknown]>([
    ['throws', fail],
    ['rejects', () => Promise.reject(failure)],
  ])('only while it is stopped is reported separately: one that %s', async (_what, stopping) => {
    const iterator = {
      next: () => new Promise<IteratorResult<unknown>>(() => undefined),
      return: stopping as () => Promise<IteratorResult<unknown>>,
    };
    const { stop, told } = run({ [Symbol.asyncIterator]: () => iterator });
    stop();
    await turn();
    expect(told).toEqual(['stop: Error: failed']);
  });

  it('because it was stopped is not reported as a failure', async () => {
    let abort: (reason: unknown) => void = () => undefined;
    const { stop, told } = run({
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise<IteratorResult<unknown>>((_resolve, reject) => {
            abort = reject;
          }),
      }),
    });
    stop();
    abort(failure);
    await turn();
    expect(told).toEqual([]);
  });
});

describe('a source that never waits', () => {
  it('does not block the event loop', async () => {
    let isDone = false;
    const { stop, target } = run(
      (function* () {
        try {
          for (;;) {
            yield 0;
          }
        } finally {
          isDone = true;
        }
      })(),
    );
    for (let i = 0; i < 10; i += 1) {
      await turn();
    }
    stop();
    expect(isDone).toBe(true);
    expect(target.text.length).toBeGreaterThan(1000);
  });

  it('does not block the event loop if it is asynchronous or sends no items', async () => {
    let asked = 0;
    const { stop } = run(
      (async function* () {
        for (;;) {
          asked += 1;
          yield 0;
        }
      })(),
      { encode: () => '' },
    );
    for (let i = 0; i < 10; i += 1) {
      await turn();
    }
    stop();
    expect(asked).toBeGreaterThan(100);
  });

  it('is not read any further once its client was cut', async () => {
    let asked = 0;
    let askedWhenCut = 0;
    const { target, told, stop } = run(
      (function* () {
        // Bounded, so that a source which is asked for ever fails this test rather than hangs it.
        for (; asked < 100_000; asked += 1) {
          yield 'x'.repeat(1024);
        }
      })(),
      { isReading: false, sendTimeout: 20 },
    );
    await until(() => {
      askedWhenCut ||= told.length > 0 ? asked : 0;
      return target.closed;
    });
    await turn();
    stop();
    expect(told).toEqual(['it took nothing for 20 ms (streams.sendTimeout)']);
    expect(asked).toBe(askedWhenCut);
    expect(asked).toBeLessThan(100);
  });
});

describe('an Observable', () => {
  it('that emits asynchronously is sent item by item', async () => {
    const { target, told } = run(interval(1).pipe(take(3)));
    await closed(target);
    expect(target.chunks).toEqual(['0;', '1;', '2;']);
    expect(told).toEqual(['end']);
  });

  it.each<[how: string, encode: (item: unknown) => string | Promise<string>]>([
    ['synchronously', (item) => `${String(item)};`],
    ['asynchronously', (item) => Promise.resolve(`${String(item)};`)],
  ])('is sent %s if RxJS calls its observer on another object', async (_how, encode) => {
    config.useDeprecatedNextContext = true;
    onTestFinished(() => {
      config.useDeprecatedNextContext = false;
    });
    const { target, told } = run(of(1, 2, 3), { encode });
    await closed(target);
    expect(target.chunks.join('')).toBe('1;2;3;');
    expect(told).toEqual(['end']);
  });
});
