import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { compare } from './support/compare.js';
import { findNode } from './support/find-node.js';
import { report } from './support/report.js';
import type { Scenario } from './support/scenario.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    processes: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '30' },
    // The version of Node that runs the servers, e.g. 24 or 22.12.0; by default the one that runs this.
    node: { type: 'string' },
  },
});
const node = await findNode(values.node);
const effort = {
  node: node.path,
  processes: count('processes'),
  rounds: count('rounds'),
};

const scenarios = new URL('scenarios/', import.meta.url);
const names = await readdir(scenarios);
for (const name of positionals) {
  if (!names.includes(name)) {
    throw new Error(`There is no scenario "${name}", but ${names.join(', ')}.`);
  }
}

const [{ model } = { model: 'unknown' }, ...others] = cpus();
console.log(
  `${others.length + 1} x ${model}, Node ${node.version}, ${await versions()}. ` +
    `${effort.processes} processes of ${effort.rounds} rounds.`,
);
for (const name of positionals.length > 0 ? positionals : names) {
  const folder = new URL(`${name}/`, scenarios);
  const { default: scenario } = (await import(new URL('scenario.js', folder).href)) as {
    default: Scenario;
  };
  console.log(`\n${report(scenario, await compare(folder, scenario, effort))}`);
}

function count(option: 'processes' | 'rounds'): number {
  const value = Number(values[option]);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`--${option} is a positive integer, got "${values[option]}".`);
  }
  return value;
}

/** The packages that are compared, with their installed versions. */
async function versions(): Promise<string> {
  const packages = [
    '@nestjs/core',
    'express',
    'fastify',
    'hono',
    'h3',
    'better-sse',
    '@fastify/sse',
    '@nestia/core',
    'nestjs-zod',
    'class-transformer',
  ];
  const texts = packages.map(async (name) => {
    const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    return `${name} ${version}`;
  });
  return (await Promise.all(texts)).join(', ');
}
