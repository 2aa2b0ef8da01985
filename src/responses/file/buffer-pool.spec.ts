import { describe, expect, it } from 'vitest';
import { BufferPool } from './buffer-pool.js';

const MIB = 1024 * 1024;
const LARGE_FILE = 100 * MIB;

describe('BufferPool', () => {
  it('reuses a free buffer', () => {
    const pool = new BufferPool();
    const buffer = pool.take(LARGE_FILE);
    pool.giveBack(buffer, true);
    expect(pool.take(LARGE_FILE)).toBe(buffer);
  });

  it('never lends a buffer twice at the same time', () => {
    const pool = new BufferPool();
    pool.giveBack(pool.take(LARGE_FILE), true);
    expect(new Set([pool.take(LARGE_FILE), pool.take(LARGE_FILE)]).size).toBe(2);
  });

  it('never reuses a buffer that may still be in use', () => {
    const pool = new BufferPool();
    const buffer = pool.take(LARGE_FILE);
    pool.giveBack(buffer, false);
    expect(pool.take(LARGE_FILE)).not.toBe(buffer);
  });

  it('lends a small buffer for a small file', () => {
    expect(new BufferPool().take(1000)).toHaveLength(1000);
  });

  it('uses 36 MiB for 64 concurrent files, and reuses returned large buffers', () => {
    const pool = new BufferPool();
    const lent = Array.from({ length: 64 }, () => pool.take(LARGE_FILE));
    expect(lent.reduce((sum, { length }) => sum + length, 0)).toBe(36 * MIB);
    lent.forEach((buffer, index) => pool.giveBack(buffer, index % 2 === 0));
    const again = Array.from({ length: 32 }, () => pool.take(LARGE_FILE));
    expect(again.every(({ length }) => length === MIB)).toBe(true);
  });
});
