/**
 * Serves a sample, and restarts it when its code or the code of the library changes:
 *
 *   npm run dev              01-responses
 *   npm run dev -- 02-chat   another sample
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [sample = '01-responses'] = process.argv.slice(2);
const samples = readdirSync(new URL('../sample', import.meta.url)).filter((name) =>
  /^\d/.test(name),
);
if (!samples.includes(sample)) {
  throw new TypeError(`There is no sample "${sample}". The samples are: ${samples.join(', ')}.`);
}

const require = createRequire(import.meta.url);
const nest = require.resolve('@nestjs/cli/bin/nest.js');
const tsc = require.resolve('typescript/bin/tsc');

// The sample imports the library by its name, so the library has to be built first.
for (const project of ['nestjs-responses', sample]) {
  const { status } = spawnSync(process.execPath, [nest, 'build', project], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

const commands = [
  [tsc, '--project', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  [nest, 'build', sample, '--watch', '--watchAssets'],
  // Restarts when a module that the sample has imported changes, in the library as well.
  ['--watch', '--watch-preserve-output', `dist/sample/${sample}/src/main.js`],
];
const children = commands.map((options) =>
  spawn(process.execPath, options, { cwd: root, stdio: 'inherit' }),
);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => children.forEach((child) => child.kill(signal)));
}
for (const child of children) {
  child.once('exit', (code) => {
    children.forEach((other) => other.kill());
    process.exitCode ||= code ?? 0;
  });
}
