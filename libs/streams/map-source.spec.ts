import { Readable } from 'node:stream';
import { firstValueFrom, from, NEVER, Observable, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectItems } from './collect-items.js';
import { mapSource } from './map-source.js';
import type { StreamContent } from './source.js';

const ITEMS = [1, 2, 3];

const sources: [string, () => StreamContent<number>][] = [
  ['an array', () => ITEMS],
  ['an Observable', () => from(ITEMS)],
  ['a generator', () => generate()],
  ['an async generator', () => generateLater()],
  ['a Readable', () => Readable.from(ITEMS)],
  ['a ReadableStream', () => ReadableStream.from(ITEMS)],
];

function* generate(): Generator<number> {
  yield* ITEMS;
}

async function* generateLater(): AsyncGenerator<number> {
  yield* ITEMS;
}

const never = new AbortController().signal;

describe('mapSource', () => {
  it.each(sources)('maps the items of %s', async (_, source) => {
    const mapped = mapSource(source(), (item) => item * 2);
    expect(await collectItems(mapped, never)).toEqual([2, 4, 6]);
  });

  it.each(sources)('keeps the order of promised items of %s', async (_, source) => {
    const mapped = mapSource(source(), async (item) => {
      for (let turn = item; turn < 3; turn++) {
        await Promise.resolve();
      }
      return item;
    });
    expect(await collectItems(mapped, never)).toEqual(ITEMS);
  });

  it.each(sources)('fails with the error of mapping %s', async (_, source) => {
    const mapped = mapSource(source(), () => {
      throw new Error('no form');
    });
    await expect(collectItems(mapped, never)).rejects.toThrow('no form');
  });

  it('stops its source, even before it was read', async () => {
    let stopped = 0;
    const source = {
      [Symbol.asyncIterator]: () => source,
      next: () => new Promise<IteratorResult<number>>(() => undefined),
      return: async () => {
        stopped += 1;
        return { done: true as const, value: undefined };
      },
    };
    await (mapSource(source, String) as AsyncIterableIterator<string>).return?.();
    expect(stopped).toBe(1);
  });

  it('stays an Observable', async () => {
    const mapped = mapSource(from(ITEMS), String) as Observable<string>;
    expect(await firstValueFrom(mapped.pipe(toArray()))).toEqual(['1', '2', '3']);
  });
});

describe('collectItems', () => {
  it.each<[string, (onStop: () => void) => StreamContent<number>]>([
    ['a quiet Observable', (onStop) => new Observable(() => onStop)],
    [
      'a quiet async iterable',
      (onStop) => ({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<IteratorResult<number>>(() => undefined),
          return: async () => {
            onStop();
            return { done: true as const, value: undefined };
          },
        }),
      }),
    ],
  ])('stops %s when the signal is aborted', async (_, sourceOf) => {
    let stopped = 0;
    const controller = new AbortController();
    const collected = collectItems(
      sourceOf(() => (stopped += 1)),
      controller.signal,
    );
    controller.abort(new Error('the client left'));
    await expect(collected).rejects.toThrow('the client left');
    expect(stopped).toBe(1);
  });

  it('rejects immediately if the signal is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(collectItems(NEVER, signal)).rejects.toThrow('gone');
  });
});
