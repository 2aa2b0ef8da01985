import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFile(join(root, path), 'utf8');
const page = await read('CONTRIBUTING.md');

const guide = await read('docs/guides/csv-export.md');
const recipes = ['csv-response', 'message-pack-response'];

describe('docs/guides/csv-export.md', () => {
  it.each(recipes)('shows %s as it is tested', async (recipe) => {
    const code = await read(`test/recipes/${recipe}/${recipe}.ts`);
    expect(guide).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
  });

  it.each(recipes)('needs no other file for %s', async (recipe) => {
    expect(await readdir(join(root, 'test/recipes', recipe))).toEqual([
      `${recipe}.spec.ts`,
      `${recipe}.ts`,
    ]);
  });
});

describe('CONTRIBUTING.md', () => {
  it.each(['src', 'libs'])('describes each folder in %s, and no other', async (parent) => {
    const entries = await readdir(join(root, parent), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const told = [...page.matchAll(new RegExp(`^\\| \`${parent}/([\\w-]+)/\``, 'gm'))];
    expect(told.map(([, name = '']) => name).toSorted()).toEqual(folders.toSorted());
  });

  it('names only commands that exist', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: object };
    const named = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});
