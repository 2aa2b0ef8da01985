/**
 * Runs the end-to-end and conformance tests on another major version of Nest:
 *
 *   npm run test:nest -- 11                             all tests
 *   npm run test:nest -- 11 test/e2e/mapping.spec.ts    some tests
 *
 * It copies the working tree to a temporary folder, installs that version of Nest there, and first compiles the library
 * against its types.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The packages of each major version for which `latest` of a range is not the version that applications have. */
const MAJORS = {
  11: {
    '@nestjs/cli': '^11.0.0',
    '@nestjs/common': '^11.1.0',
    '@nestjs/core': '^11.1.0',
    '@nestjs/platform-express': '^11.1.0',
    '@nestjs/platform-fastify': '^11.1.0',
    '@nestjs/swagger': '^11.3.0',
    '@nestjs/testing': '^11.1.0',
  },
};

const DEFAULT_TESTS = ['test/e2e', 'test/conformance', 'src/mapping'];

const root = fileURLToPath(new URL('..', import.meta.url));
const [major = '', ...filters] = process.argv.slice(2);
const packages = MAJORS[/** @type {keyof typeof MAJORS} */ (major)];
if (!packages) {
  throw new TypeError(
    `Name a major version of Nest first, one of ${Object.keys(MAJORS).join(', ')}; got "${major}".`,
  );
}

const copy = join(tmpdir(), `nestjs-responses-on-nest-${major}`);
copyWorkingTree();
const manifest = readManifest(root);
Object.assign(manifest.devDependencies, packages);
writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest, null, 2));
run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']);
run('npx', ['tsc', '--noEmit', '--project', 'tsconfig.build.json']);
const tests = filters.length > 0 ? filters : DEFAULT_TESTS;
run('npx', ['vitest', 'run', '--typecheck.enabled=false', ...tests]);

/**
 * Copies the files that git tracks or would track. Keeps `node_modules` of an earlier run, so that npm has less to
 * install.
 */
function copyWorkingTree() {
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(copy)) {
    if (name !== 'node_modules') {
      rmSync(join(copy, name), { recursive: true });
    }
  }
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const files = execFileSync('git', listing, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 24 });
  for (const file of files.split('\0').filter(Boolean)) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { force: true });
  }
}

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * Runs a command in the copy, and exits with its code if it fails.
 *
 * @param {string} command
 * @param {string[]} options
 */
function run(command, options) {
  const { status, error } = spawnSync(command, options, { cwd: copy, stdio: 'inherit' });
  if (error) {
    throw error;
  }
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
