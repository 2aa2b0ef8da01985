import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFile(join(root, path), 'utf8');
const page = await read('CONTRIBUTING.md');

/** What the page shows of each file, by its path. */
const shown = [...page.matchAll(/^`([^`\n]+)`\n\n```ts\n(.*?)^```$/gms)].map(
  ([, path = '', code = '']) => ({ path, code }),
);

describe('CONTRIBUTING.md', () => {
  it('shows the two files of each recipe', () => {
    expect(shown.map(({ path }) => path)).toEqual([
      'test/recipes/csv-response/csv-response.ts',
      'test/recipes/csv-response/csv-response.spec.ts',
      'test/recipes/message-pack-response/message-pack-response.ts',
      'test/recipes/message-pack-response/message-pack-response.spec.ts',
    ]);
  });

  it.each(shown)('shows $path as it is', async ({ path, code }) => {
    expect(code).toBe(await read(path));
  });

  it.each(['csv-response', 'message-pack-response'])(
    'needs no other file for %s',
    async (recipe) => {
      expect(await readdir(join(root, 'test/recipes', recipe))).toHaveLength(2);
    },
  );

  it.each(['src', 'libs'])('tells of each folder in %s, and of no other', async (parent) => {
    const entries = await readdir(join(root, parent), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const told = [...page.matchAll(new RegExp(`^\\| \`${parent}/([\\w-]+)/\``, 'gm'))];
    expect(told.map(([, name = '']) => name).toSorted()).toEqual(folders.toSorted());
  });

  it('names no command that is not there', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: object };
    const named = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});
