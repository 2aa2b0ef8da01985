import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Keys } from './keys.js';

const keys = new Keys('app', 16);
const tagOf = (key: string) => /\{(.*?)\}/.exec(key)?.[1];

describe('Keys', () => {
  it('have one hash tag for a shard', () => {
    const shard = keys.shardOf('orders');
    const { stream, place } = keys.of('orders');
    expect(stream).toBe(`app:{${shard}}:events:orders`);
    expect([place, keys.wake(shard, 'a')].map(tagOf)).toEqual([`${shard}`, `${shard}`]);
  });

  it('differ for different channels, whatever their names', () => {
    const name = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [first, second] = [keys.of(one), keys.of(other)];
        // As Redis gets them.
        const sent = Buffer.from(first.stream).equals(Buffer.from(second.stream));
        expect(sent).toBe(one === other);
        expect(tagOf(first.stream)).toBe(`${keys.shardOf(one)}`);
        expect(first.stream).not.toBe(first.place);
      }),
    );
  });

  it('spread over all shards', () => {
    const shards = Array.from({ length: 1000 }, (_, index) => keys.shardOf(`run-${index}`));
    const counts = Array.from({ length: 16 }, (_, shard) => shards.filter((one) => one === shard));
    expect(counts.every(({ length }) => length > 30 && length < 100)).toBe(true);
  });
});
