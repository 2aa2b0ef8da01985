import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, FreshApplication, packPackage, PATIENCE, root } from './fresh-application.js';

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'packed-package-')));
  tarball = await packPackage(folder);
}, PATIENCE);

afterAll(() => rm(folder, { recursive: true, force: true }), PATIENCE);

/** The sources of the library, by their paths without the extension. */
async function sourceNames(): Promise<string[]> {
  const names = await Promise.all(
    ['src', 'libs'].map(async (part) =>
      (await readdir(join(root, part), { recursive: true })).map((name) => `${part}/${name}`),
    ),
  );
  return names
    .flat()
    .filter((name) => name.endsWith('.ts') && !/\.spec(-d)?\.ts$/.test(name))
    .map((name) => name.slice(0, -'.ts'.length));
}

describe('The packed package', () => {
  it('contains only compiled files and documents', async () => {
    const listing = await execute('tar', ['-tzf', tarball]);
    const compiled = (await sourceNames()).flatMap((name) =>
      ['dist', 'dist/cjs'].flatMap((folder) => [
        `package/${folder}/${name}.d.ts`,
        `package/${folder}/${name}.js`,
      ]),
    );
    const read = ['dist/cjs/package.json', 'package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
    expect(listing.trim().split('\n').toSorted()).toEqual(
      [...compiled, ...read.map((name) => `package/${name}`)].toSorted(),
    );
  });

  it('refers to no source maps, because it contains none', async () => {
    expect(await execute('tar', ['-xzOf', tarball])).not.toContain('//# sourceMappingURL');
  });

  it('passes publint', async () => {
    const { buffer } = new Uint8Array(await readFile(tarball));
    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it(
    'has types that match the loaded modules, in every mode of resolution',
    async () => {
      const command = join(root, 'node_modules/.bin/attw');
      const said = await execute(command, [tarball]);
      expect(said).toContain('"nestjs-responses/redis"');
    },
    PATIENCE,
  );

  it.each([
    { modules: 'ESM', platform: 'Express' },
    { modules: 'ESM', platform: 'Fastify' },
    { modules: 'CommonJS', platform: 'Express' },
    { modules: 'CommonJS', platform: 'Fastify' },
  ] as const)(
    'works in a new application with $modules on $platform, without the other platform',
    async ({ modules, platform }) => {
      const application = await FreshApplication.create(folder, modules, platform, tarball);
      await application.compile('--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler');
      await application.compile();
      const { url } = await application.start();
      const answers = ['/json', '/square', '/squares', '/inline', '/ticks'].map(async (path) => {
        const response = await fetch(`${url}${path}`, { headers: { 'Last-Event-ID': '6' } });
        return [response.headers.get('content-type'), await response.text()];
      });
      expect(await Promise.all(answers)).toEqual([
        ['application/json', '{"message":"hello"}'],
        ['application/json', '{"i":3,"square":9}'],
        ['application/x-ndjson', '{"i":1,"square":1}\n{"i":2,"square":4}\n{"i":3,"square":9}\n'],
        ['application/x-ndjson', '{"i":1}\n'],
        ['text/event-stream', 'id: 7\nevent: tick\ndata: 7\n\nid: 8\nevent: tick\ndata: 8\n\n'],
      ]);
    },
    PATIENCE,
  );

  it(
    'accepts responses, events and declarations of its other copy if an application loads both',
    async () => {
      const parent = await mkdtemp(join(folder, 'two-copies-'));
      const application = await FreshApplication.create(parent, 'ESM', 'Express', tarball);
      expect(JSON.parse(await application.run('two-copies.mjs'))).toEqual([
        '{"isOther":true}',
        'id: 1\ndata: one\n\ndata: {"two":2}\n\n',
      ]);
    },
    PATIENCE,
  );
});
