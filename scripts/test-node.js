/**
 * Runs the tests on another version of Node, which npm installs as a package:
 *
 *   npm run test:node -- 24             all tests, on the newest 24
 *   npm run test:node -- 20.19.0 libs   the tests of a folder, on exactly that version
 */
import { spawnSync } from 'node:child_process';

const [version = '', ...filters] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version)) {
  throw new TypeError(`Name a version of Node first, e.g. 24 or 20.19.0, got "${version}".`);
}

const binary = `node-${process.platform}-${process.arch}@${version}`;
const tests = ['node', 'node_modules/vitest/vitest.mjs', 'run', ...filters];
const { status, error } = spawnSync(
  'npm',
  ['exec', '--yes', `--package=${binary}`, '--', ...tests],
  { stdio: 'inherit' },
);
if (error) {
  throw error;
}
process.exitCode = status ?? 1;
