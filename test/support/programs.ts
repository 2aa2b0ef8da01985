import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian has servers, which are on the path of the superuser only. */
const SERVERS = '/usr/sbin';

/**
 * The path of a program that tests drive and npm does not bring, by the first of its names that is found. A missing one
 * is named on the console, and an error in CI, so that its tests are never left out in silence.
 */
export function findProgram(...names: [string, ...string[]]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), SERVERS];
  const found = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => isExecutable(file));
  if (found === undefined) {
    const message = `"${names[0]}" was not found, so the tests that drive it do not run. Install it to run them.`;
    if (process.env['CI']) {
      throw new Error(message);
    }
    console.warn(message);
  }
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
