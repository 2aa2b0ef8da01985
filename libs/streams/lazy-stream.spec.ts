import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { turn } from '../../test/support/turn.js';
import { LazyStream } from './lazy-stream.js';

describe('LazyStream', () => {
  it('starts once, when it is read', async () => {
    const start = vi.fn<ConstructorParameters<typeof LazyStream>[0]>((target) => {
      target.write('a');
      target.write('b');
      target.end();
    });
    const stream = new LazyStream(start, () => undefined);
    await turn();
    expect(start).not.toHaveBeenCalled();
    expect(await text(stream)).toBe('ab');
    expect(start).toHaveBeenCalledTimes(1);
  });

  it.each(['before it is read', 'while it is read'])('stops its source: %s', async (when) => {
    const stop = vi.fn<() => void>();
    const stream = new LazyStream((target) => target.write('a'), stop);
    if (when === 'while it is read') {
      stream.resume();
      await turn();
    }
    stream.destroy();
    await turn();
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('fails if its start throws', async () => {
    const stream = new LazyStream(() => {
      throw new Error('failed');
    }, vi.fn<() => void>());
    await expect(text(stream)).rejects.toThrow('failed');
  });

  it('can fail without a listener', async () => {
    const stream = new LazyStream(vi.fn<() => void>(), vi.fn<() => void>());
    stream.destroy(new Error('failed'));
    await turn();
    expect(stream.destroyed).toBe(true);
  });
});
