import { fileURLToPath } from 'node:url';
import { BlobFile } from './blob-file.js';
import { BytesFile } from './bytes-file.js';
import { assertCodings, type ContentCoding } from './content-coding.js';
import { timestamp } from './file-options.js';
import type { FileSource } from './file-source.js';
import type { FileOrigin } from './opened-file.js';
import { PathFile } from './path-file.js';

/** The options of a file that depend on its source. */
interface OriginOptions {
  readonly root?: string;
  readonly dotfiles?: 'ignore' | 'allow';
  readonly precompressed?: readonly ContentCoding[];
  readonly etag?: string;
}

/** Returns the origin of a source. Throws a `TypeError` for an option that the source does not support. */
export function originOf(
  source: FileSource,
  { root, dotfiles = 'ignore', precompressed = [], etag }: OriginOptions,
): FileOrigin {
  assertCodings(precompressed);
  if (dotfiles !== 'ignore' && dotfiles !== 'allow') {
    throw new TypeError(
      `"dotfiles" of a file must be "ignore" or "allow", got ${JSON.stringify(dotfiles)}.`,
    );
  }
  if (typeof source === 'string' || source instanceof URL) {
    const path = typeof source === 'string' ? source : fileURLToPath(source);
    const codings = precompressed;
    return new PathFile(path, { root, allowsDotfiles: dotfiles === 'allow', codings });
  }
  if (root !== undefined || precompressed.length > 0) {
    const option = root === undefined ? 'precompressed' : 'root';
    throw new TypeError(
      `"${option}" of a file requires a path, which this source does not have. Leave it out.`,
    );
  }
  if (source instanceof Uint8Array) {
    return new BytesFile(source, etag === undefined);
  }
  if (source.lastModified !== undefined) {
    timestamp(source.lastModified);
  }
  return new BlobFile(source);
}
