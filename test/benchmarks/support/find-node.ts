import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A binary of Node. */
export interface NodeBinary {
  readonly path: string;
  /** E.g. `v24.1.0`. */
  readonly version: string;
}

/**
 * Finds a version of Node, whose binary npm installs from a package of its own.
 *
 * Throws a `TypeError` for text that is not a version.
 *
 * @param version e.g. `24` or `22.12.0`; by default the running one
 */
export async function findNode(version: string | undefined): Promise<NodeBinary> {
  if (version === undefined) {
    return { path: process.execPath, version: process.version };
  }
  if (!/^\d+(\.\d+){0,2}$/.test(version)) {
    throw new TypeError(`--node is a version of Node, e.g. 24 or 22.12.0, got "${version}".`);
  }
  const binary = `node-${process.platform}-${process.arch}@${version}`;
  const print = 'console.log(JSON.stringify({ path: process.execPath, version: process.version }))';
  const options = ['exec', '--yes', `--package=${binary}`, '--', 'node', '-e', print];
  const { stdout } = await promisify(execFile)('npm', options);
  return JSON.parse(stdout) as NodeBinary;
}
