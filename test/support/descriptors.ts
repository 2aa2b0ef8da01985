import { existsSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';

const FOLDER = '/proc/self/fd';

/** True if the system lists the open files of the process, as Linux does. */
export const tellsOpenFiles = existsSync(FOLDER);

/** Returns the number of descriptors of this process for a file, even if it has been removed. */
export async function openDescriptors(path: string): Promise<number> {
  const links = await Promise.all(
    // A descriptor that was closed meanwhile is not open.
    (await readdir(FOLDER)).map((name) => readlink(`${FOLDER}/${name}`).catch(() => '')),
  );
  return links.filter((link) => link === path || link === `${path} (deleted)`).length;
}
