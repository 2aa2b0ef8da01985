import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findNode } from './support/find-node.js';
import { table } from './support/report.js';
import { quantile } from './support/statistics.js';

/**
 * Measures how long an application of 500 declared routes takes to start, with its document: five routes share a type,
 * or none does. Each start is that of a fresh process, because that is what users wait for.
 */
const PROGRAM = fileURLToPath(new URL('support/start-application.js', import.meta.url));
const ROUNDS = 15;
const VARIANTS = ['no module', 'off', 'off, again', 'warn', 'error'];

/** Milliseconds. */
interface Start {
  /** From the start of the process until the application could listen. */
  readonly process: number;
  /** The part from `NestFactory.create()`. */
  readonly create: number;
}

const { values } = parseArgs({ options: { node: { type: 'string' } } });
const node = await findNode(values.node);

const start = (variant: string, routesPerType: string): Start =>
  JSON.parse(
    execFileSync(node.path, [PROGRAM, variant.replace(', again', ''), routesPerType], {
      encoding: 'utf8',
    }),
  ) as Start;

console.log(`Node ${node.version}, median of ${ROUNDS} processes, in milliseconds.`);
for (const routesPerType of ['5', '1']) {
  const starts = new Map(VARIANTS.map((variant) => [variant, [] as Start[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const variant of VARIANTS) {
      starts.get(variant)?.push(start(variant, routesPerType));
    }
  }
  const timeOf = (variant: string, part: keyof Start) =>
    quantile(
      (starts.get(variant) ?? []).map((one) => one[part]),
      0.5,
    );
  console.log(`\n500 routes, ${routesPerType} of a type\n`);
  const rows = VARIANTS.map((variant) => [
    variant,
    ...(['process', 'create'] as const).flatMap((part) => {
      const time = timeOf(variant, part);
      return [time.toFixed(0), (time / timeOf('off', part)).toFixed(2)];
    }),
  ]);
  console.log(table(['validation', 'process', 'against off', 'create', 'against off'], rows));
}
