import { isUtf8 } from 'node:buffer';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep, win32 } from 'node:path';
import { TemplateNotFoundError } from './template-not-found.error.js';
import type { TemplateSource } from './template-source.js';
import { TemplateSyntaxError } from './template-syntax.error.js';

const EXTENSION = '.html';

/** Error codes of the file system for a missing file. */
const MISSING = new Set<string | undefined>(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/**
 * Reads a template by its name: the path of a file below `root`, with `/` on every platform. The extension `.html` is
 * optional.
 *
 * @throws TemplateNotFoundError for a name that is not a file below the root, including symbolic links out of it
 * @throws TemplateSyntaxError for a file that is not UTF-8
 */
export async function readTemplate(root: string, name: string): Promise<TemplateSource> {
  if (!staysBelow(name)) {
    throw new TemplateNotFoundError(
      name,
      root,
      'the name must be a path below that folder, with "/" between its parts and none of them "." or "..".',
    );
  }
  const file = (await findFile(root, name, '')) ?? (await findFile(root, name, EXTENSION));
  if (!file) {
    throw new TemplateNotFoundError(name, root, 'the file does not exist.');
  }
  const bytes = await readFile(file);
  if (!isUtf8(bytes)) {
    throw invalidBytes(file, bytes);
  }
  return { file, text: bytes.toString() };
}

/** Returns the names of all templates below `root`, those of `.html` files with and without the extension. */
export async function listTemplates(root: string): Promise<string[]> {
  const folders = [''];
  const files: string[] = [];
  for (const folder of folders) {
    // Folder by folder, because a recursive `readdir()` of Node 26 follows a symbolic link to a parent folder
    // endlessly.
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const name = `${folder}${entry.name}`;
      if (entry.isDirectory()) {
        folders.push(`${name}/`);
      } else {
        files.push(name);
      }
    }
  }
  return files.flatMap((name) =>
    name.endsWith(EXTENSION) ? [name, name.slice(0, -EXTENSION.length)] : [name],
  );
}

/** Applies the same rules on every platform, so that a name that works on one cannot leave the root on another. */
function staysBelow(name: string): boolean {
  return (
    !/[\0\\]/.test(name) &&
    !win32.isAbsolute(name) &&
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** Returns the real path of a file below the root. Undefined if there is none. */
async function findFile(
  root: string,
  name: string,
  extension: string,
): Promise<string | undefined> {
  try {
    const file = await realpath(join(root, name + extension));
    const path = relative(await realpath(root), file);
    if (isAbsolute(path) || path.split(sep)[0] === '..') {
      throw new TemplateNotFoundError(name, root, 'a symbolic link leads out of that folder.');
    }
    return (await stat(file)).isFile() ? file : undefined;
  } catch (error) {
    if (MISSING.has((error as NodeJS.ErrnoException).code)) {
      return undefined;
    }
    throw error;
  }
}

function invalidBytes(file: string, bytes: Buffer): TemplateSyntaxError {
  const text = bytes.toString();
  const valid = Buffer.from(text);
  const invalid = bytes.findIndex((byte, index) => byte !== valid[index]);
  const { length } = bytes.subarray(0, invalid).toString();
  return TemplateSyntaxError.at({ file, text }, length, 'the file is not UTF-8. Save it as UTF-8.');
}
