import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listTemplates, readTemplate } from './template-files.js';
import { TemplateNotFoundError } from './template-not-found.error.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

let folder: string;
let root: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'templates-')));
  root = join(folder, 'root');
  await mkdir(join(root, 'mail', 'empty.html'), { recursive: true });
  await writeFile(join(folder, 'secret.html'), 'secret');
  await writeFile(join(root, 'page.html'), '\ufeffpage \0\r\n€');
  await writeFile(join(root, 'plain'), 'plain');
  await writeFile(join(root, 'both'), 'without');
  await writeFile(join(root, 'both.html'), 'with');
  await writeFile(join(root, 'mail', 'welcome.en.html'), 'welcome');
  await writeFile(join(root, 'latin.html'), Buffer.from('a€\ncaf\xe9', 'latin1'));
  await symlink(join(root, 'page.html'), join(root, 'inside.html'));
  await symlink(join(folder, 'secret.html'), join(root, 'outside.html'));
  await symlink(folder, join(root, 'up'));
  await symlink(join(root, 'gone'), join(root, 'dangling.html'));
  await symlink(join(root, 'loop.html'), join(root, 'loop.html'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('readTemplate', () => {
  it.each([
    ['a file', 'page.html', 'page.html', '\ufeffpage \0\r\n€'],
    ['a file without its extension', 'page', 'page.html', '\ufeffpage \0\r\n€'],
    ['a file that has no extension', 'plain', 'plain', 'plain'],
    ['the file of just that name before one with an extension', 'both', 'both', 'without'],
    ['a file in a folder', 'mail/welcome.en.html', 'mail/welcome.en.html', 'welcome'],
    ['a file with more than one dot', 'mail/welcome.en', 'mail/welcome.en.html', 'welcome'],
    ['a link to a file below the root', 'inside.html', 'page.html', '\ufeffpage \0\r\n€'],
  ])('reads %s', async (_case, name, path, text) => {
    expect(await readTemplate(root, name)).toEqual({ file: join(root, path), text });
  });

  it.each([
    ['a name that leaves the root', '../secret.html'],
    ['a name that leaves the root further in', 'mail/../../secret.html'],
    ['a name that comes back to the root', 'mail/../page.html'],
    ['an absolute name', '/etc/passwd'],
    ['an absolute name of Windows', 'C:/page.html'],
    ['a backslash', 'mail\\welcome.en.html'],
    ['a backslash that leaves the root', '..\\secret.html'],
    ['NUL', 'page.html\0'],
    ['NUL before an extension', '../secret.html\0.html'],
    ['an empty name', ''],
    ['an empty part', 'mail//welcome.en.html'],
    ['the folder itself', './page.html'],
    ['a folder', 'mail'],
    ['a folder named like a file', 'mail/empty'],
    ['a slash behind the name', 'page.html/'],
    ['a file as a folder', 'page.html/x'],
    ['a missing file', 'missing.html'],
    ['a name that is too long', 'x'.repeat(5000)],
    ['a link that leads out of the root', 'outside.html'],
    ['a linked folder that leads out of the root', 'up/secret.html'],
    ['a link to nothing', 'dangling.html'],
    ['a link to itself', 'loop.html'],
    ['a property that every object has', 'constructor'],
  ])('rejects %s', async (_case, name) => {
    const reading = readTemplate(root, name);
    await expect(reading).rejects.toBeInstanceOf(TemplateNotFoundError);
    await expect(reading).rejects.toMatchObject({ template: name, root });
  });

  const below = 'must be a path below that folder, with "/" between its parts and none of them';

  it.each([
    ['nope.html', 'the file does not exist.'],
    ['outside', 'a symbolic link leads out of that folder.'],
    ['../x', `the name ${below} "." or "..".`],
    ['/etc/passwd', `the name ${below} "." or "..".`],
    ['C:/page.html', `the name ${below} "." or "..".`],
  ])('explains why it rejects %s', async (name, reason) => {
    await expect(readTemplate(root, name)).rejects.toThrow(
      `Template ${JSON.stringify(name)} was not found in ${root}: ${reason}`,
    );
  });

  it('rejects every name if the root does not exist', async () => {
    await expect(readTemplate(join(folder, 'none'), 'page')).rejects.toBeInstanceOf(
      TemplateNotFoundError,
    );
  });

  it('reports the place where a file is not UTF-8, instead of sending changed bytes', async () => {
    const reading = readTemplate(root, 'latin');
    await expect(reading).rejects.toBeInstanceOf(TemplateSyntaxError);
    await expect(reading).rejects.toMatchObject({ file: join(root, 'latin.html') });
  });
});

describe('listTemplates', () => {
  it('lists readable templates, with and without the extension', async () => {
    const names = await listTemplates(root);
    expect(names).toEqual(
      expect.arrayContaining([
        'page.html',
        'page',
        'plain',
        'mail/welcome.en.html',
        'mail/welcome.en',
      ]),
    );
    expect(names).not.toContain('mail');
    expect(names.filter((name) => name.includes('secret'))).toEqual([]);
  });
});
