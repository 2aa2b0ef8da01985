/*
 * Every block of code in README.md and in docs/ is run here, by its language; one in a language that is not among these
 * fails.
 *
 * - `ts` is a module: type-checked against the package as its users see it, and run. What readers need not see of it
 *   stands in a comment right above the block, which begins with `ts` in its first line; the block comes in place of its
 *   line `// …`, or else after it. A block without an import, or with such a comment, need not import what the packages
 *   of `PACKAGES` export.
 * - `console` is a session with the application of the last block of `ts` above it that has one: `app`, an `AppModule`, or
 *   controllers. Each line that begins with `$ ` is a command of curl, which is run, and what follows it is the answer, to
 *   the byte, on both platforms; `curl -N`, which watches a stream, is left once it has come. In an answer `…` stands for any text in a line, and headers that every answer has may be
 *   left out (see `AMBIENT`).
 * - `sh` is what a user runs: curl as in a console, and npm, whose scripts and packages have to be there.
 * - `log` is what the application of the sessions above has logged meanwhile.
 * - `js` runs in Chromium, on a page of the same application as a console's.
 * - `json`, `yaml` and `html` (a template) are parsed.
 * - `text` is no code.
 */
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';
import * as nestTesting from '@nestjs/testing';
import * as swagger from '@nestjs/swagger';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as nodePath from 'node:path';
import { basename, join } from 'node:path';
import * as promises from 'node:timers/promises';
import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as rxjs from 'rxjs';
import * as vitest from 'vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYAML } from 'yaml';
import { TemplateEngine } from '../../libs/templates/index.js';
import * as redis from '../../src/channels/redis/index.js';
import * as responses from '../../src/index.js';
import * as testing from '../../src/testing/index.js';
import { chromiumProgram, openPage } from '../support/browser.js';
import { folder } from '../support/folder.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, type Platform } from '../support/platforms.js';
import { findProgram } from '../support/programs.js';
import { blockFile, type BlockFile } from './block-file.js';
import { exchangesOf, runCurl, type Exchange } from './console.js';
import { closeApplication, isApplication, portOf, type BlockExports } from './page-application.js';
import { readPage, type Block, type Page } from './read-page.js';
import { typeCheck } from './type-check.js';

const PACKAGES: Readonly<Record<string, object>> = {
  'node:fs': fs,
  'node:path': nodePath,
  'node:timers/promises': promises,
  rxjs,
  vitest,
  '@nestjs/testing': nestTesting,
  '@nestjs/core': core,
  '@nestjs/swagger': swagger,
  '@nestjs/common': common,
  'nestjs-responses/redis': redis,
  'nestjs-responses/testing': testing,
  'nestjs-responses': responses,
};

common.Logger.overrideLogger(false);

/** Types of theirs, which are not there when a program runs. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  '@nestjs/common': ['ArgumentsHost', 'ExceptionFilter', 'INestApplication', 'MessageEvent'],
  'nestjs-responses': ['JSONRPCId'],
};

/** How a name that a package exports is imported. */
const imports = new Map([
  ...Object.entries(PACKAGES).flatMap(([name, exports]) =>
    Object.keys(exports).map((key) => [key, `import { ${key} } from '${name}';`] as const),
  ),
  ...Object.entries(TYPES).flatMap(([name, types]) =>
    types.map((type) => [type, `import type { ${type} } from '${name}';`] as const),
  ),
]);

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where blocks are written as files: below the root, as what they import is found from there. */
const files = join(root, 'test/docs/.blocks');
const curl = findProgram('curl');
const [express] = platforms as [Platform];

/** A block of TypeScript, written as a file. */
interface WrittenBlock extends BlockFile {
  readonly block: Block;
  readonly path: string;
}

const pages = await readPages();
const written = await writeBlocks(pages);
const checking = typeCheck(
  files,
  written.map(({ path }) => path),
);
afterAll(() => rm(files, { recursive: true, force: true }));

it('The sources that the pages use compile', async () => {
  const names = new Set(written.map(({ path: file }) => basename(file)));
  expect((await checking).filter(({ file }) => !names.has(file))).toEqual([]);
}, 180_000);

describe.each(pages)('$path', async ({ text, blocks }) => {
  const exports = await runBlocks(blocks);
  afterAll(async () => {
    await Promise.all([...exports.values()].map(closeApplication));
  });

  it.each(blocks)('has a block of a known language at $place', ({ language }) => {
    expect([...Object.keys(parsers), 'ts', 'js', 'console', 'log', 'sh', 'text', 'diff']).toContain(
      language,
    );
  });

  it.each(written.filter(({ block }) => blocks.includes(block)))(
    'compiles at $block.place',
    async ({ block, offset, path: file }) => {
      const found = (await checking).filter((error) => error.file === basename(file));
      expect(
        found.map(({ line, message }) => `line ${block.line + line - 1 - offset}: ${message}`),
      ).toEqual([]);
    },
    180_000,
  );

  it.each(blocks.filter(({ language }) => language in parsers))(
    'can be parsed at $place',
    ({ language, code }) => {
      expect(() => parsers[language]?.(code)).not.toThrow();
    },
  );

  it.each(blocks.filter(({ language }) => language === 'sh'))(
    'names scripts and packages that are there at $place',
    async ({ code }) => {
      expect(await unknownTo(code)).toEqual([]);
    },
  );

  it('has no block that is not found', () => {
    expect(text.match(/^\s*(```|~~~)/gm) ?? []).toHaveLength(2 * blocks.length);
  });

  const scripts = blocks.filter(({ language }) => language === 'js');
  it.runIf(chromiumProgram && scripts.length > 0).each(scripts)(
    'runs in Chromium at $place',
    async (script) => {
      const application = applicationFor(script, blocks, exports);
      const port = await portOf(application, express, new LogCollector());
      const page = await openPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      await expect(page.evaluate(`(async () => { ${script.code} })()`)).resolves.toBeUndefined();
    },
  );

  const sessions = blocks.filter(
    ({ language, code }) => language === 'console' || (language === 'sh' && /^curl/m.test(code)),
  );
  describe.runIf(curl && sessions.length > 0).each(platforms)('on $name', (platform) => {
    const logger = new LogCollector();

    it.each(sessions)('answers as shown at $place', async (session) => {
      const port = await portOf(applicationFor(session, blocks, exports), platform, logger);
      const cwd = await folder();
      for (const exchange of exchangesIn(session)) {
        expect(await runCurl(exchange, port, cwd)).toBe(exchange.answer);
      }
    });

    const logs = blocks.filter(({ language }) => language === 'log');
    it.runIf(logs.length > 0).each(logs)('logs what is shown at $place', ({ code }) => {
      expect(logger.entries.join('\n')).toContain(code.trimEnd());
    });
  });
});

/** Checks a block by its language. Throws if it is invalid. */
const parsers: Readonly<Record<string, (code: string) => unknown>> = {
  json: JSON.parse,
  yaml: (code) => parseYAML(code),
  html: (code) => new TemplateEngine({ partials: { block: code } }),
};

async function readPages(): Promise<Page[]> {
  const names = await readdir(join(root, 'docs'), { recursive: true });
  const paths = names
    // The tutorial is one application that grows, which test/tutorial builds.
    .filter((name) => name.endsWith('.md') && !name.startsWith('tutorial'))
    .map((name) => `docs/${name}`);
  return Promise.all(['README.md', ...paths].map((path) => readPage(root, path)));
}

async function writeBlocks(from: readonly Page[]): Promise<WrittenBlock[]> {
  await rm(files, { recursive: true, force: true });
  await mkdir(files);
  const blocks = from.flatMap((page) => page.blocks).filter(({ language }) => language === 'ts');
  return Promise.all(
    blocks.map(async (block) => {
      const file = { block, path: fileOf(block), ...blockFile(block, imports) };
      await writeFile(file.path, file.text);
      return file;
    }),
  );
}

function fileOf({ place }: Block): string {
  return join(files, `${place.replaceAll(/[^\w-]/g, '-')}.ts`);
}

/** Runs the blocks of a page while tests are collected, as one may be a test itself. */
async function runBlocks(blocks: readonly Block[]): Promise<Map<Block, BlockExports>> {
  const exports = new Map<Block, BlockExports>();
  for (const block of blocks) {
    if (block.language === 'ts') {
      exports.set(block, (await import(fileOf(block))) as BlockExports);
    }
  }
  return exports;
}

/** Returns the exports of the last block above a session that has an application. */
function applicationFor(
  session: Block,
  blocks: readonly Block[],
  exports: ReadonlyMap<Block, BlockExports>,
): BlockExports {
  const found = blocks
    .slice(0, blocks.indexOf(session))
    .map((block) => exports.get(block) ?? {})
    .findLast(isApplication);
  if (!found) {
    throw new Error(`There is no application above ${session.place}.`);
  }
  return found;
}

function exchangesIn({ language, code }: Block): Exchange[] {
  return language === 'console'
    ? exchangesOf(code)
    : exchangesOf(code.replace(/^(?=curl)/gm, '$ ')).map(({ command }) => ({
        command,
        answer: '',
      }));
}

/** Returns the scripts and packages in the commands of a block that do not exist. */
async function unknownTo(code: string): Promise<string[]> {
  const { name, scripts, ...manifest } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  ) as Manifest;
  const packages = [
    name,
    ...Object.keys({ ...manifest.peerDependencies, ...manifest.devDependencies }),
  ];
  return code
    .split(/\n|&&/)
    .map((command) => command.trim().replace(/^(?:\w+=\S+ )*/, ''))
    .filter((command) => command !== '' && !command.startsWith('curl '))
    .filter((command) => {
      const [program, verb = '', ...names] = command.split(' ');
      const isKnown =
        verb === 'ci' ||
        (verb === 'run' && names.every((script) => script in scripts)) ||
        (verb === 'install' &&
          names.every((one) => one.startsWith('-') || packages.includes(one))) ||
        verb in scripts;
      return program !== 'npm' || !isKnown;
    });
}

interface Manifest {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly peerDependencies: object;
  readonly devDependencies: object;
}
