import { describe, expect, it } from 'vitest';
import { BufferPool } from './buffer-pool.js';

const MIB = 1024 * 1024;
const LARGE_FILE = 100 * MIB;

describe('BufferPool', () => {
  it('lends a buffer again that is free', () => {
    const pool = new BufferPool();
    const buffer = pool.take(LARGE_FILE);
    pool.giveBack(buffer, true);
    expect(pool.take(LARGE_FILE)).toBe(buffer);
  });

  it('lends no buffer twice at a time', () => {
    const pool = new BufferPool();
    pool.giveBack(pool.take(LARGE_FILE), true);
    expect(new Set([pool.take(LARGE_FILE), pool.take(LARGE_FILE)]).size).toBe(2);
  });

  it('never lends a buffer again that may still be in use', () => {
    const pool = new BufferPool();
    const buffer = pool.take(LARGE_FILE);
    pool.giveBack(buffer, false);
    expect(pool.take(LARGE_FILE)).not.toBe(buffer);
  });

  it('gives a small file no more than it takes', () => {
    expect(new BufferPool().take(1000)).toHaveLength(1000);
  });

  it('holds 36 MiB for 64 files at once, and lends large buffers again when they are back', () => {
    const pool = new BufferPool();
    const lent = Array.from({ length: 64 }, () => pool.take(LARGE_FILE));
    expect(lent.reduce((sum, { length }) => sum + length, 0)).toBe(36 * MIB);
    lent.forEach((buffer, index) => pool.giveBack(buffer, index % 2 === 0));
    const again = Array.from({ length: 32 }, () => pool.take(LARGE_FILE));
    expect(again.every(({ length }) => length === MIB)).toBe(true);
  });
});
