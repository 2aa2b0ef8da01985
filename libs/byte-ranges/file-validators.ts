/** Identifies one version of a file, as returned by `fs.stat(path, { bigint: true })`. */
export interface FileVersion {
  /** The size in bytes. */
  readonly size: bigint;
  /** The time of the last modification, in nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  /** The inode. It differs if another file of the same size and time has replaced this one. */
  readonly ino: bigint;
}

/**
 * Returns a strong entity tag of a file: size, modification time and inode in hexadecimal. It is as precise as the
 * clock of the file system. Includes the content coding, because each coding is a separate representation. RFC 9110,
 * section 8.8.3.
 *
 * @param coding the content coding of the file, e.g. `br`
 */
export function strongETag({ size, mtimeNs, ino }: FileVersion, coding?: string): string {
  const version = [size, mtimeNs, ino].map((part) => part.toString(16)).join('-');
  return coding === undefined ? `"${version}"` : `"${version}-${coding}"`;
}

/**
 * Returns the `Last-Modified` field of a file, an IMF-fixdate. A modification time in the future is replaced by `now`. Both
 * are in milliseconds since 1970. RFC 9110, section 8.8.2.1.
 */
export function lastModified(mtime: number, now: number): string {
  return new Date(Math.min(mtime, now)).toUTCString();
}
