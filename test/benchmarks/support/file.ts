import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZE = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
process.once('exit', () => rmSync(folder, { recursive: true }));

/** A file of 1 MiB that exists as long as the process. */
export const FILE = join(folder, 'puppy.bin');
writeFileSync(FILE, Buffer.alloc(SIZE, 'puppy'));

/** 10 MiB in memory. */
export const BYTES = Buffer.alloc(10 * SIZE, 'puppy');
