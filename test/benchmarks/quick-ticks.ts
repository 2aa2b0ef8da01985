import { execFile } from 'node:child_process';
import { executionAsyncResource } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findNode } from './support/find-node.js';
import { quantile } from './support/statistics.js';

/**
 * Measures the cost of `process.nextTick()` after a full garbage collection, with and without one of its objects kept
 * alive:
 *
 *   npm run bench:ticks              on Node 20, 22, 24 and 26
 *   npm run bench:ticks -- 22.12.0   on that version
 */
const CALLS = 1_000_000;
const ROUNDS = 9;
const PROCESSES = 3;

const [first, ...others] = process.argv.slice(2);
if (first === '--measure') {
  console.log(await measure(others[0] === 'kept'));
} else {
  console.log('| Node | kept, ns | not kept, ns | factor |\n| --- | --- | --- | --- |');
  for (const wanted of first ? [first, ...others] : ['20', '22', '24', '26']) {
    const { path, version } = await findNode(wanted);
    const [kept, bare] = [await run(path, 'kept'), await run(path, 'not kept')];
    const factor = (bare / kept).toFixed(1);
    console.log(`| ${version} | ${kept.toFixed(0)} | ${bare.toFixed(0)} | ${factor} |`);
  }
}

/** Returns the CPU time of a call in fresh processes: the median, in nanoseconds. */
async function run(node: string, mode: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    const file = fileURLToPath(import.meta.url);
    const options = ['--expose-gc', file, '--measure', mode];
    times.push(Number((await promisify(execFile)(node, options)).stdout));
  }
  return quantile(times, 0.5);
}

/** Returns the CPU time of a call in this process: the lower quartile of the rounds, in nanoseconds. */
async function measure(isKept: boolean): Promise<number> {
  let kept: object | undefined;
  if (isKept) {
    process.nextTick(() => {
      kept = executionAsyncResource();
    });
  }
  // The engine discards the shape of ticks only after it has been created.
  await tick(1000);
  for (let i = 0; i < 3; i++) {
    await setTimeout(30);
    globalThis.gc?.();
  }
  await tick(2 * CALLS);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await tick(CALLS);
    const { user, system } = process.cpuUsage(before);
    times.push(((user + system) * 1000) / CALLS);
  }
  // Read at the end. Otherwise, the engine may collect it earlier.
  return kept || !isKept ? quantile(times, 0.25) : Number.NaN;
}

function tick(calls: number): Promise<void> {
  return new Promise((resolve) => {
    let left = calls;
    const next = () => {
      left -= 1;
      if (left > 0) {
        process.nextTick(next);
      } else {
        resolve();
      }
    };
    process.nextTick(next);
  });
}
