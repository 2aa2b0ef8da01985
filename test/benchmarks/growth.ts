import { readdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Contestant } from './support/contestant.js';
import { findNode } from './support/find-node.js';
import type { Cost, Growth, GrowthEntry } from './support/growth.js';
import { figure, plot, slopeText, type Point } from './support/plot.js';
import { table } from './support/report.js';

/**
 * Measures how CPU time and memory grow with the size of an answer, and draws the figures of
 * `docs/explanation/benchmarks.md`:
 *
 *   npm run bench:growth                            all, in about 6 minutes
 *   npm run bench:growth -- idle-streams --node 24  one of them, with another Node for the servers
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'string' } },
});
/** Descriptors of a process that are not connections, with room to spare. */
const OTHER_FILES = 100;
/** Memory below this is noise, where the memory of another process is subtracted, in MiB. */
const NOISE = 0.02;

/** The costs of a contestant. */
interface Line extends GrowthEntry {
  readonly costs: readonly (Cost & { readonly size: number })[];
}

const node = await findNode(values.node);
const folders = new URL('growth/', import.meta.url);
const images = new URL('../../../docs/images/', import.meta.url);
const names = await readdir(folders);
for (const name of positionals) {
  if (!names.includes(name)) {
    throw new Error(`There is no "${name}", but ${names.join(', ')}.`);
  }
}

const [{ model } = { model: 'unknown' }, ...others] = cpus();
console.log(`${others.length + 1} x ${model}, Node ${node.version}.`);
for (const name of positionals.length > 0 ? positionals : names) {
  const folder = new URL(`${name}/`, folders);
  const { default: growth } = (await import(new URL('growth.js', folder).href)) as {
    default: Growth;
  };
  const lines = await measure(folder, growth);
  console.log(`\n${report(growth, lines)}`);
  await writeFile(new URL(`growth-${name}.svg`, images), draw(growth, lines));
}
// Clients of servers that have ended may still be closing.
process.exit();

async function measure(folder: URL, growth: Growth): Promise<Line[]> {
  const base = growth.base ? (await measureOne(folder, growth, growth.base, 0)).memory : 0;
  const lines: Line[] = [];
  for (const entry of growth.entries) {
    const costs: (Cost & { size: number })[] = [];
    for (const size of sizesOf(growth, entry)) {
      const cost = await measureOne(folder, growth, entry, size);
      costs.push({ ...cost, memory: cost.memory - base, size });
    }
    lines.push({ ...entry, costs });
  }
  return lines;
}

/** Measures a fresh process. */
async function measureOne(
  folder: URL,
  { measure: measureCost }: Growth,
  { file, platform }: GrowthEntry,
  size: number,
): Promise<Cost> {
  const path = fileURLToPath(new URL(`${file}.js`, folder));
  const contestant = await Contestant.start(path, platform, node.path, size);
  try {
    return await measureCost(contestant, size);
  } finally {
    await contestant.stop();
  }
}

/** The sizes that this contestant takes. Leaves out, with a warning, those that the limit of open files does not allow. */
function sizesOf({ opensStreams, sizes }: Growth, { largest = Infinity }: GrowthEntry): number[] {
  const allowed = opensStreams ? openFiles() - OTHER_FILES : Infinity;
  const wanted = sizes.filter((size) => size <= largest);
  const tooLarge = wanted.filter((size) => size > allowed);
  if (tooLarge.length > 0) {
    console.warn(
      `A process may open ${openFiles()} files: ${tooLarge.join(' and ')} streams are left out. ` +
        'Raise the limit with "ulimit -n".',
    );
  }
  return wanted.filter((size) => size <= allowed);
}

/** Returns the number of files, and therefore sockets, that a process may open. */
function openFiles(): number {
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files: { soft: number | 'unlimited' } };
  };
  // Windows has no such limit.
  const limit = userLimits?.open_files.soft ?? 'unlimited';
  return limit === 'unlimited' ? Infinity : limit;
}

/** Formats the figures as Markdown tables. */
function report({ title, x, cpu, memory }: Growth, lines: readonly Line[]): string {
  const hasResident = lines.some(({ costs }) => costs.some(({ resident }) => resident));
  const costs = lines.flatMap(({ name, costs: all }) =>
    all.map((cost) => [
      name,
      String(cost.size),
      figure(cost.cpu),
      figure(cost.memory),
      ...(hasResident ? [figure(cost.resident ?? NaN)] : []),
    ]),
  );
  const slopes = lines.map((line) => [
    line.name,
    slopeText(pointsOf(line, 'cpu')),
    slopeText(pointsOf(line, 'memory')),
  ]);
  return [
    `## ${title}`,
    table(['', x, cpu, memory, ...(hasResident ? ['Resident set, MiB'] : [])], costs),
    table(['', 'slope of the CPU time', 'slope of the memory'], slopes),
  ].join('\n\n');
}

function draw({ title, x, cpu, memory }: Growth, lines: readonly Line[]): string {
  const panel = (y: string, short: string, quantity: 'cpu' | 'memory') => ({
    y,
    short,
    lines: lines.map((line) => ({ name: line.name, points: pointsOf(line, quantity) })),
  });
  return plot({ title, x, panels: [panel(cpu, 'CPU', 'cpu'), panel(memory, 'memory', 'memory')] });
}

function pointsOf({ costs }: Line, quantity: 'cpu' | 'memory'): Point[] {
  return costs
    .map((cost) => ({ x: cost.size, y: cost[quantity] }))
    .filter(({ y }) => quantity === 'cpu' || y > NOISE);
}
