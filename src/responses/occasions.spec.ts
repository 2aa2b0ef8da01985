import { describe, expect, it } from 'vitest';
import { Occasions } from './occasions.js';

const taken = (occasions: Occasions, key: string, times: number) =>
  Array.from({ length: times }, () => occasions.take(key)).filter(Boolean).length;

describe('Occasions', () => {
  it('are all examined at first, and one in 100 later', () => {
    const occasions = new Occasions();
    expect(taken(occasions, 'a', 100)).toBe(100);
    expect(taken(occasions, 'a', 1000)).toBe(10);
  });

  it('are all examined again after a finding', () => {
    const occasions = new Occasions();
    taken(occasions, 'a', 1000);
    occasions.found('a');
    expect(taken(occasions, 'a', 100)).toBe(100);
  });

  it('are counted per key', () => {
    const occasions = new Occasions();
    taken(occasions, 'a', 1000);
    expect(taken(occasions, 'b', 100)).toBe(100);
  });

  it('are counted for 10,000 keys, and not examined for others', () => {
    const occasions = new Occasions();
    for (let key = 0; key < 10_000; key++) {
      occasions.take(String(key));
    }
    expect(occasions.take('one more')).toBe(false);
    expect(occasions.take('0')).toBe(true);
  });
});
