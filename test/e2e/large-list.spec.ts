import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, type BuiltProgram } from '../support/build-program.js';
import { platforms } from '../support/platforms.js';

/** `LARGE_LIST=full` reads a million rows and prints what it measures; CI reads fewer. */
const isFull = process.env['LARGE_LIST'] === 'full';
const ROWS = isFull ? 1_000_000 : 100_000;

/** In MiB; the array of all rows would take 5 MiB for each 100,000 of them in text alone. */
const MAX_HEAP_GROWTH = 3;

interface Reading {
  readonly bytes: number;
  readonly start: string;
  readonly end: string;
  readonly cpu: number;
  readonly heapGrowth: number;
}

let program: BuiltProgram;

beforeAll(async () => {
  program = await buildProgram('test/e2e/large-list.program.ts');
});
afterAll(() => program.remove());

describe.each(platforms)('A list of generated rows on $name', ({ name }) => {
  it('is sent as a JSON array in constant memory', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      program.file,
      name,
      String(ROWS),
    ]);
    const { array, lines } = JSON.parse(stdout) as Record<'array' | 'lines', Reading>;
    if (isFull) {
      const ratio = (array.cpu / lines.cpu).toFixed(2);
      console.log(`${name}, ${ROWS} rows, CPU ${ratio} times that of NDJSON:`, { array, lines });
    }
    const lastRow = `{"id":${ROWS - 1},"name":"Canna"}]`;
    expect(array.start.slice(0, 24)).toBe('[{"id":0,"name":"Canna"}');
    expect(array.end.slice(-lastRow.length)).toBe(lastRow);
    // A comma between rows, and two brackets, in place of the ends of the lines.
    expect(array.bytes).toBe(lines.bytes + 1);
    expect(array.heapGrowth).toBeLessThan(MAX_HEAP_GROWTH);
  }, 120_000);
});
