import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The modification time of test files: long ago, so that their date is final. */
export const MODIFIED = new Date('2026-01-01T00:00:00.000Z');

/** Creates a folder with these files, given by their paths in it. Removed when the test is done. */
export async function folder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'nestjs-responses-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await utimes(path, MODIFIED, MODIFIED);
  }
  return root;
}
