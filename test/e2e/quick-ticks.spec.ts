import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NEEDS_QUICK_TICKS } from '../../libs/quick-ticks/index.js';
import { buildProgram, type BuiltProgram } from '../support/build-program.js';

/** How often the program collects all garbage, with calls of `process.nextTick()` in between. */
const ROUNDS = 20;
/** Logged by the engine when it creates the shape of a tick object, by adding its last property. */
const NEW_SHAPE = /^map,Transition,.*,symbol\("trigger_async_id_symbol"/gm;

let program: BuiltProgram;
let folder: string;

beforeAll(async () => {
  program = await buildProgram('test/e2e/quick-ticks.program.ts');
  folder = await mkdtemp(join(tmpdir(), 'quick-ticks-'));
});
afterAll(async () => {
  await program.remove();
  await rm(folder, { recursive: true });
});

// Otherwise one for each collection, except those that found a tick waiting.
const kept = { least: 1, most: 1 };
const lost = { least: ROUNDS / 2, most: ROUNDS };

it.each([
  { first: 'nothing', ...lost },
  { first: 'the module', ...(NEEDS_QUICK_TICKS ? kept : lost) },
  { first: 'the module without workarounds', ...lost },
])('the engine creates $least to $most shapes of ticks with $first loaded', async (row) => {
  const shapes = await countShapes(row.first);
  expect(shapes).toBeGreaterThanOrEqual(row.least);
  expect(shapes).toBeLessThanOrEqual(row.most);
});

async function countShapes(first: string): Promise<number> {
  const log = join(folder, `${first}.log`);
  await promisify(execFile)(process.execPath, [
    '--expose-gc',
    '--log-maps',
    '--no-logfile-per-isolate',
    `--logfile=${log}`,
    program.file,
    first,
    String(ROUNDS),
  ]);
  return (await readFile(log, 'latin1')).match(NEW_SHAPE)?.length ?? 0;
}
