import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ChannelFollower, type FollowStart, type LogGap } from './channel-follower.js';
import { ChannelTails } from './channel-tails.js';
import { EventLogUnavailableError } from './event-log-unavailable.error.js';
import type { EventLog, LogEntry } from './event-log.js';
import { MemoryEventLog } from './memory-event-log.js';

const CHANNEL = 'channel';

/** The events at one point where reading a log is interrupted. */
interface Interruption {
  /** How many events are published. */
  readonly publish: number;
  /** How many turns of the microtask queue pass then. */
  readonly turns: number;
  /** True if the log cannot be reached at this point. */
  readonly isDown: boolean;
}

/** A log at each of whose await points something happens: in order, what `interruptions` say, then nothing. */
class InterruptedLog implements EventLog {
  readonly #log: MemoryEventLog;
  readonly #interruptions: Interruption[];
  #isEnded = false;
  /** The ids of all that was published, in order. */
  readonly published: string[] = [];

  constructor(log: MemoryEventLog, interruptions: readonly Interruption[]) {
    this.#log = log;
    this.#interruptions = [...interruptions];
  }

  async append(): Promise<string> {
    const id = await this.#log.append(CHANNEL, { data: `${this.published.length}` });
    this.published.push(id);
    return id;
  }

  async read(channel: string, after: string | undefined, count: number) {
    await this.#interrupt();
    const page = await this.#log.read(channel, after, Math.min(count, 3));
    await this.#interrupt();
    return page;
  }

  async *follow(channel: string, after: string | undefined, signal: AbortSignal) {
    await this.#interrupt();
    for await (const entries of this.#log.follow(channel, after, signal)) {
      await this.#interrupt();
      yield entries;
      await this.#interrupt();
    }
  }

  end(channel: string): Promise<void> {
    this.#isEnded = true;
    return this.#log.end(channel);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  async #interrupt(): Promise<void> {
    const interruption = this.#interruptions.shift();
    if (!interruption) {
      return;
    }
    for (let i = 0; i < interruption.publish && !this.#isEnded; i++) {
      await this.append();
    }
    for (let i = 0; i < interruption.turns; i++) {
      await Promise.resolve();
    }
    if (interruption.isDown) {
      throw new EventLogUnavailableError('The log is down.');
    }
  }
}

type Item = { readonly entry: LogEntry } | { readonly gap: LogGap };

function follow(tails: ChannelTails, start: FollowStart): ChannelFollower<Item> {
  return new ChannelFollower<Item>(tails, CHANNEL, start, {
    fromEntry: (entry) => ({ entry }),
    fromGap: (gap) => ({ gap }),
  });
}

/**
 * Returns all items of a follower until its channel ends, with this many turns of the microtask queue between two
 * items.
 */
async function collect(follower: ChannelFollower<Item>, turns: number): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of follower) {
    items.push(item);
    for (let i = 0; i < turns; i++) {
      await Promise.resolve();
    }
  }
  return items;
}

const ids = (items: readonly Item[]) =>
  items.map((item) => ('entry' in item ? item.entry.id : 'gap'));

const interruptionsArbitrary = (isDown: fc.Arbitrary<boolean>) =>
  fc.array(
    fc.record({
      publish: fc.integer({ min: 0, max: 5 }),
      turns: fc.integer({ min: 0, max: 12 }),
      isDown,
    }),
    { maxLength: 30 },
  );

describe('the hand-over from the log to new entries', () => {
  it('has no gaps or duplicates, whatever is published at any await point', async () => {
    await fc.assert(
      fc.asyncProperty(
        interruptionsArbitrary(fc.constant(false)),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.record({ after: fc.nat(), turns: fc.integer({ min: 0, max: 9 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (interruptions, before, followers) => {
          const log = new InterruptedLog(new MemoryEventLog(), interruptions);
          const tails = new ChannelTails(log);
          for (let i = 0; i < before; i++) {
            await log.append();
          }
          const starts = followers.map(({ after }) => after % before);
          const all = followers.map(({ turns }, i) =>
            collect(follow(tails, { after: log.published[starts[i] as number] }), turns),
          );
          for (let i = 0; i < 20; i++) {
            await log.append();
            await Promise.resolve();
          }
          await log.end(CHANNEL);
          for (const [i, items] of (await Promise.all(all)).entries()) {
            expect(ids(items)).toEqual(log.published.slice((starts[i] as number) + 1));
          }
          await log.close();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('yields all published events without waiting for more', async () => {
    await fc.assert(
      fc.asyncProperty(
        interruptionsArbitrary(fc.constant(false)),
        fc.boolean(),
        async (interruptions, isKnown) => {
          const log = new InterruptedLog(new MemoryEventLog(), interruptions);
          const tails = new ChannelTails(log);
          const first = await log.append();
          const follower = follow(tails, isKnown ? { after: first } : 'oldest');
          const items: Item[] = [];
          const reading = (async () => {
            for await (const item of follower) {
              items.push(item);
            }
          })();
          // All happens in microtasks, of which each of these turns lets any number pass.
          for (let turn = 0; turn < 20; turn++) {
            await nextTurn();
          }
          expect(ids(items)).toEqual(log.published.slice(isKnown ? 1 : 0));
          await follower.return();
          await reading;
          await log.close();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('yields all events published after the first read from the newest on', async () => {
    await fc.assert(
      fc.asyncProperty(interruptionsArbitrary(fc.constant(false)), async (interruptions) => {
        const log = new InterruptedLog(new MemoryEventLog(), interruptions);
        await log.append();
        const items = collect(follow(new ChannelTails(log), 'newest'), 0);
        for (let i = 0; i < 10; i++) {
          await log.append();
        }
        await log.end(CHANNEL);
        const given = ids(await items);
        // Where it begins is up to the await points; that it goes on from there without a hole is not.
        expect(given).toEqual(log.published.slice(log.published.length - given.length));
        await log.close();
      }),
    );
  });

  it('always reports the gap if entries are trimmed meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        interruptionsArbitrary(fc.constant(false)),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 9 }),
        async (interruptions, maxLength, turns) => {
          const log = new InterruptedLog(new MemoryEventLog({ maxLength }), interruptions);
          const first = await log.append();
          const items = collect(follow(new ChannelTails(log), { after: first }), turns);
          for (let i = 0; i < 30; i++) {
            await log.append();
            await Promise.resolve();
          }
          await log.end(CHANNEL);
          const given = await items;
          // The predecessor that each item names must be the previous item.
          const before = given.map((item) =>
            'gap' in item ? item.gap.after : item.entry.previous,
          );
          const places = given.map((item) => ('gap' in item ? item.gap.id : item.entry.id));
          expect(before).toEqual([first, ...places.slice(0, -1)]);
          // With a bound of one, the end of the channel may be all that is left of it.
          const last = given.at(-1);
          const isComplete = last !== undefined && 'entry' in last;
          expect(isComplete || maxLength === 1).toBe(true);
          expect(!isComplete || places.at(-1) === log.published.at(-1)).toBe(true);
          await log.close();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('continues without a gap after a log could not be reached at any await point', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await fc.assert(
      fc.asyncProperty(
        interruptionsArbitrary(fc.nat(9).map((n) => n === 0)),
        async (interruptions) => {
          const log = new InterruptedLog(new MemoryEventLog(), interruptions);
          const first = await log.append();
          const items = collect(follow(new ChannelTails(log), { after: first }), 0);
          for (let i = 0; i < 10; i++) {
            await log.append();
            await Promise.resolve();
          }
          await log.end(CHANNEL);
          let isDone = false;
          void items.finally(() => {
            isDone = true;
          });
          while (!isDone) {
            await vi.advanceTimersByTimeAsync(1000);
          }
          expect(ids(await items)).toEqual(log.published.slice(1));
          await log.close();
        },
      ),
      { numRuns: 200 },
    );
  });
});
