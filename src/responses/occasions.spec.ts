import { describe, expect, it } from 'vitest';
import { Occasions } from './occasions.js';

const taken = (occasions: Occasions, key: string, times: number) =>
  Array.from({ length: times }, () => occasions.take(key)).filter(Boolean).length;

describe('Occasions', () => {
  it('are all taken at first, and one of 100 later', () => {
    const occasions = new Occasions();
    expect(taken(occasions, 'a', 100)).toBe(100);
    expect(taken(occasions, 'a', 1000)).toBe(10);
  });

  it('are all taken again after something new was found', () => {
    const occasions = new Occasions();
    taken(occasions, 'a', 1000);
    occasions.found('a');
    expect(taken(occasions, 'a', 100)).toBe(100);
  });

  it('are counted for each key', () => {
    const occasions = new Occasions();
    taken(occasions, 'a', 1000);
    expect(taken(occasions, 'b', 100)).toBe(100);
  });

  it('are remembered for 10,000 keys, and not taken for others', () => {
    const occasions = new Occasions();
    for (let key = 0; key < 10_000; key++) {
      occasions.take(String(key));
    }
    expect(occasions.take('one more')).toBe(false);
    expect(occasions.take('0')).toBe(true);
  });
});
