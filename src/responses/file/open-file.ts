import type { BigIntStats } from 'node:fs';
import { constants, open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { isAbsolute, normalize, relative, resolve, sep } from 'node:path';

/** An open regular file. Reads use this file, even if its name is changed or removed. */
export interface OpenFile {
  /** The receiver must close it. */
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

/** The location of a file. */
export interface FileLocation {
  readonly path: string;
  /** The directory that `path` is resolved against and must not leave. @default `base` for a relative `path` */
  readonly root?: string | undefined;
  /** The directory that a relative `root` is resolved against. */
  readonly base: string;
  /** True if names below the root may start with a dot. @default false */
  readonly allowsDotfiles?: boolean;
}

/** The number of attempts to open a file that is replaced while it is checked. Faster replacements are suspicious. */
const ATTEMPTS = 3;

/** `O_NONBLOCK`, because a FIFO would otherwise block one of Node's few threads until something writes to it. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Matches a resolved path with a name that starts with a dot, e.g. `.env` or `.git/config`. */
const DOTFILE = /(?:^|[\\/])\./;

/** Error codes that mean that a path has no readable file. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ENXIO', 'ENODEV']);

/**
 * Opens a regular file for reading. Returns undefined if it does not exist, or is outside its root: through `..`, an
 * absolute path or a symbolic link. Rejects for other system errors, e.g. too many open files.
 */
export async function openFile({
  path,
  root,
  base,
  allowsDotfiles = false,
}: FileLocation): Promise<OpenFile | undefined> {
  const isConfined = root !== undefined || !isAbsolute(path);
  const from = resolve(base, root ?? '.');
  const target = resolve(from, path);
  // Folder names end like this, but `resolve()` would remove the end.
  const namesNoFile = path.endsWith('/') || path.endsWith(sep) || path.includes('\0');
  if (namesNoFile || (isConfined && (climbs(path) || !isInside(target, from)))) {
    return undefined;
  }
  if (isConfined && !allowsDotfiles && DOTFILE.test(relative(from, target))) {
    return undefined;
  }
  try {
    return isConfined ? await openInside(target, from) : await openRegular(target);
  } catch (error) {
    if (MISSING.has((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw error;
  }
}

async function openInside(target: string, root: string): Promise<OpenFile | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Do not open files outside the root, so that the result does not depend on them.
    const [real, realRoot] = await Promise.all([realpath(target), realpath(root)]);
    if (!isInside(real, realRoot)) {
      return undefined;
    }
    const file = await openRegular(real);
    // A folder in the path may have been replaced by a symbolic link meanwhile. The open file must be the one that is
    // inside now.
    if (!file || (await isStill(file, real))) {
      return file;
    }
    await file.handle.close();
  }
  return undefined;
}

async function isStill({ handle, stats }: OpenFile, real: string): Promise<boolean> {
  try {
    const [now, found] = await Promise.all([realpath(real), stat(real, { bigint: true })]);
    return now === real && found.dev === stats.dev && found.ino === stats.ino;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openRegular(path: string): Promise<OpenFile | undefined> {
  const handle = await open(path, FLAGS);
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isFile()) {
      return { handle, stats };
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

/** True if a path leaves its start, even if it returns. This would reveal which folders exist there. */
function climbs(path: string): boolean {
  return normalize(path).split(sep)[0] === '..';
}

function isInside(target: string, root: string): boolean {
  const way = relative(root, target);
  return !isAbsolute(way) && !climbs(way);
}
