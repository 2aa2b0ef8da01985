import type { BigIntStats } from 'node:fs';
import { constants, open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { isAbsolute, normalize, relative, resolve, sep } from 'node:path';

/** A regular file that is open: what is read is this file, whatever becomes of its name. */
export interface OpenFile {
  /** Whoever is given it has to close it. */
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

/** Where a file lies. */
export interface FileLocation {
  readonly path: string;
  /** What `path` is resolved from and may not leave. @default `base`, where `path` is relative */
  readonly root?: string | undefined;
  /** What a relative `root` is resolved from. */
  readonly base: string;
  /** True if names below the root may begin with a dot. @default false */
  readonly allowsDotfiles?: boolean;
}

/**
 * How often a file is opened anew that was replaced while it was checked: one that is replaced faster than that is
 * being played with.
 */
const ATTEMPTS = 3;

/** `O_NONBLOCK`, as a fifo would otherwise block one of Node's few threads until somebody writes to it. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** A path with a name that begins with one dot, such as `.env` or `.git/config`. */
const DOTFILE = /(?:^|[\\/])\.[^.]/;

/** Errors that say of a path that there is no file to be had. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ENXIO', 'ENODEV']);

/**
 * Opens a regular file for reading; undefined where there is none, or where it lies outside of its root: by `..`, as
 * an absolute path or by a symbolic link. Rejects where the system fails otherwise, e.g. for want of descriptors.
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
  // The name of a folder ends like this, which resolving it would forget.
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
    // What lies outside is not even opened: whether it could be must make no difference.
    const [real, realRoot] = await Promise.all([realpath(target), realpath(root)]);
    if (!isInside(real, realRoot)) {
      return undefined;
    }
    const file = await openRegular(real);
    // A folder on the way may have become a link to elsewhere in between: what is open must be what lies inside now.
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

/** Whether a path goes above where it starts, even to come back: which folders lie there is nobody's business. */
function climbs(path: string): boolean {
  return normalize(path).split(sep)[0] === '..';
}

function isInside(target: string, root: string): boolean {
  const way = relative(root, target);
  return !isAbsolute(way) && !climbs(way);
}
