import type { BodySegment } from '../../../libs/byte-ranges/index.js';

/** How the chunks of a file are consumed. */
export interface ReadOptions {
  /** True if a chunk may still be in use after the next one has been requested. Otherwise, its memory may be reused. */
  readonly keepsChunks: boolean;
  /** Aborts when the client disconnects. Created on first use. */
  readonly signal: AbortSignal;
}

/** An open file. */
export interface OpenedFile {
  /** The number of bytes, a safe integer. */
  readonly size: number;
  /** The `ETag` field. Undefined if the version is unknown. */
  readonly etag: string | undefined;
  /** The time of the last modification, in milliseconds since 1970. Undefined if it is unknown. */
  readonly lastModified: number | undefined;
  /** The content coding of the bytes, e.g. `br`. @default none */
  readonly contentEncoding?: string;
  /** Reads segments in order. Reads nothing before the first chunk is requested. */
  read(segments: readonly BodySegment[], options: ReadOptions): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
}

/** The source of a file. Opened for each response. */
export interface FileOrigin {
  /** The file name of the download, if the source has one. */
  readonly name: string | undefined;
  /** The media type, if the source or its name determines one. */
  readonly type: string | undefined;
  /** Opens the file. Resolves to undefined if it does not exist. */
  open(context: OpenContext): Promise<OpenedFile | undefined>;
}

/** The context for opening a file. */
export interface OpenContext {
  /** The directory that a relative root is resolved against. */
  readonly base: string;
  /** The `Accept-Encoding` field of the request; undefined if encoded siblings must not be used. */
  readonly acceptEncoding: string | undefined;
}
