import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folder of servers on Debian, which is only on the path of root. */
const SERVERS = '/usr/sbin';

/**
 * Returns the path of a program that tests run and npm does not install. Tries several names. If it is missing, logs a
 * message, and throws in CI, so that its tests are never silently skipped.
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
