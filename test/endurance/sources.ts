import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { setImmediate } from 'node:timers/promises';
import { Observable } from 'rxjs';
import type { StreamContent } from '../../libs/streams/index.js';
import { hold } from './held.js';

export interface SourcePlan {
  /** The number of items. */
  readonly items: number;
  /** The fault of its last item: the source fails, or the item cannot be encoded. */
  readonly fault: 'none' | 'source' | 'encode';
}

/** Sources of all kinds, by name. Each counts as held while it is open, and waits a turn before each item. */
export const sourceKinds: Readonly<Record<string, (plan: SourcePlan) => StreamContent<unknown>>> = {
  observable: (plan) =>
    new Observable((subscriber) => {
      const release = hold();
      let i = 0;
      const timer = setInterval(() => {
        try {
          if (i === plan.items) {
            subscriber.complete();
          } else {
            subscriber.next(itemOf(plan, i++));
          }
        } catch (error) {
          subscriber.error(error);
        }
      }, 1);
      return () => {
        clearInterval(timer);
        release();
      };
    }),
  asyncIterable: (plan) => generate(plan),
  iterable: (plan) => generateAtOnce(plan),
  readable: (plan) => {
    const release = hold();
    let i = 0;
    return new Readable({
      objectMode: true,
      read() {
        void setImmediate().then(() => {
          try {
            this.push(i === plan.items ? null : itemOf(plan, i++));
          } catch (error) {
            this.destroy(error as Error);
          }
        });
      },
      destroy(error, done) {
        release();
        done(error);
      },
    });
  },
  web: (plan) => {
    const release = hold();
    let i = 0;
    return new ReadableStream(
      {
        pull: async (controller) => {
          await setImmediate();
          try {
            if (i === plan.items) {
              controller.close();
              release();
            } else {
              controller.enqueue(itemOf(plan, i++));
            }
          } catch (error) {
            release();
            throw error;
          }
        },
        cancel: release,
      },
      { highWaterMark: 0 },
    );
  },
};

async function* generate(plan: SourcePlan): AsyncGenerator {
  const release = hold();
  try {
    for (let i = 0; i < plan.items; i++) {
      await setImmediate();
      yield itemOf(plan, i);
    }
  } finally {
    release();
  }
}

function* generateAtOnce(plan: SourcePlan): Generator {
  const release = hold();
  try {
    for (let i = 0; i < plan.items; i++) {
      yield itemOf(plan, i);
    }
  } finally {
    release();
  }
}

function itemOf({ items, fault }: SourcePlan, i: number): unknown {
  if (i === items - 1 && fault === 'source') {
    throw new Error('This source fails.');
  }
  // JSON cannot represent a BigInt.
  return i === items - 1 && fault === 'encode' ? 1n : { i, text: 'x'.repeat(100) };
}
