import { existsSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';

const FOLDER = '/proc/self/fd';

/** Whether this system tells which files the process has open: Linux does. */
export const tellsOpenFiles = existsSync(FOLDER);

/** How many descriptors of this process refer to a file, also to one that is removed by now. */
export async function openDescriptors(path: string): Promise<number> {
  const links = await Promise.all(
    // One that is closed meanwhile is not open.
    (await readdir(FOLDER)).map((name) => readlink(`${FOLDER}/${name}`).catch(() => '')),
  );
  return links.filter((link) => link === path || link === `${path} (deleted)`).length;
}
