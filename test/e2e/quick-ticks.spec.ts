import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProgram, type BuiltProgram } from '../support/build-program.js';

/** How often the program collects all garbage, and calls `process.nextTick()` in between. */
const ROUNDS = 20;
/** What the engine logs when it makes a shape by adding the last property of what Node makes of a call. */
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

it.each([
  { first: 'nothing', shapes: ROUNDS },
  { first: 'the module', shapes: 1 },
])('shapes that the engine makes for ticks, with $first imported: $shapes', async (row) => {
  expect(await countShapes(row.first)).toBe(row.shapes);
});

async function countShapes(first: string): Promise<number | undefined> {
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
  return (await readFile(log, 'latin1')).match(NEW_SHAPE)?.length;
}
