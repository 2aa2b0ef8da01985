/** What tells one version of a file from another, as `fs.stat(path, { bigint: true })` gives it. */
export interface FileVersion {
  /** Size in bytes. */
  readonly size: bigint;
  /** Time of the last modification in nanoseconds since 1970. */
  readonly mtimeNs: bigint;
}

/**
 * A strong entity tag of a file: size and modification time in hexadecimal. As exact as the file
 * system's clock, so two writes within one millisecond differ where it keeps nanoseconds.
 * RFC 9110, section 8.8.3.
 */
export function strongETag({ size, mtimeNs }: FileVersion): string {
  return `"${size.toString(16)}-${mtimeNs.toString(16)}"`;
}

/**
 * The `Last-Modified` field of a file, an IMF-fixdate. A modification time that lies in the future
 * is replaced by `now` (milliseconds since 1970). RFC 9110, section 8.8.2.1.
 */
export function lastModified({ mtimeNs }: Pick<FileVersion, 'mtimeNs'>, now: number): string {
  return new Date(Math.min(Number(mtimeNs / 1_000_000n), now)).toUTCString();
}
