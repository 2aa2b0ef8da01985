import type { ReadableStream } from 'node:stream/web';

/** The bytes of one range, as `Blob.slice()` returns them. */
export interface FileSlice {
  /**
   * Returns the bytes of the range, or a promise of them: a web `ReadableStream`, a Node `Readable` or any other async
   * iterable of `Uint8Array`s. Fewer or more bytes than requested cut the connection.
   *
   * @param options.signal aborts when the client disconnects. The stream is cancelled in any case. Pass the signal to
   * requests that may still be pending
   */
  stream(options: {
    readonly signal: AbortSignal;
  }): FileStream | Promise<FileStream> | PromiseLike<FileStream>;
}

/** A stream of bytes. */
export type FileStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * An object like a web `Blob`: a `Blob`, a `File`, the result of `fs.openAsBlob()`, or a small adapter for an object
 * store that fetches only the requested bytes.
 */
export interface BlobLike {
  /** The number of bytes. */
  readonly size: number;
  /** The media type. @default guessed from `name` */
  readonly type?: string | undefined;
  /** The file name of the download. @default none */
  readonly name?: string | undefined;
  /** The time of the last modification, in milliseconds since 1970. @default none: no `Last-Modified` */
  readonly lastModified?: number | undefined;
  /**
   * Returns the bytes from `start` up to but not including `end`, or a promise of them. Called once for each range that
   * is sent. If it throws or rejects before the head is sent, exception filters handle the error, e.g. a
   * `NotFoundException`.
   */
  slice(start: number, end: number): FileSlice | Promise<FileSlice> | PromiseLike<FileSlice>;
}

/** The sources of a file: a path, a `file:` URL, bytes, or an object like a web `Blob`. */
export type FileSource = string | URL | Uint8Array | BlobLike;

/** Throws a `TypeError` that says what is missing if `source` is not a `FileSource`. */
export function assertFileSource(source: unknown): asserts source is FileSource {
  if (typeof source === 'string' || source instanceof Uint8Array) {
    return;
  }
  if (source instanceof URL) {
    if (source.protocol !== 'file:') {
      throw new TypeError(
        `A FileResponse reads "file:" URLs, got a "${source.protocol}" URL. Fetch it and return the response of fetch().`,
      );
    }
    return;
  }
  const given = describe(source);
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    throw new TypeError(
      `A FileResponse accepts bytes as a Uint8Array, got ${given}. Wrap its buffer.`,
    );
  }
  const { size, slice } = (source ?? {}) as Partial<BlobLike>;
  const missing = [
    ...(size === undefined ? ['"size"'] : []),
    ...(typeof slice === 'function' ? [] : ['"slice()"']),
  ];
  if (missing.length > 0) {
    throw new TypeError(
      `A FileResponse accepts a path, a "file:" URL, a Uint8Array, or an object like a Blob. ${capitalize(given)} has no ` +
        `${missing.join(' and no ')}. Send a stream of unknown size as a StreamableFile.`,
    );
  }
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw new TypeError(
      `The "size" of a file must be a non-negative integer, in bytes, got ${String(size)}.`,
    );
  }
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const name = (value.constructor as { name?: string } | undefined)?.name;
    return name && name !== 'Object' ? `an instance of ${name}` : 'the object';
  }
  return value === undefined || value === null ? String(value) : `a ${typeof value}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
