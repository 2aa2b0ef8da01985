import type { BodySegment } from '../../../libs/byte-ranges/index.js';

/** How the chunks of a file are consumed. */
export interface ReadOptions {
  /** True if a chunk may be in use after the next one has been asked for. Otherwise, its memory may be reused. */
  readonly keepsChunks: boolean;
  /** Aborts when the client disconnects. Created on first use. */
  readonly signal: AbortSignal;
}

/** A file that is open. */
export interface OpenedFile {
  /** The number of bytes, a safe integer. */
  readonly size: number;
  /** The `ETag` field; undefined if nothing identifies the version. */
  readonly etag: string | undefined;
  /** The time of the last modification in milliseconds since 1970, if known. */
  readonly lastModified: number | undefined;
  /** The content coding of the bytes, e.g. `br`. @default none */
  readonly contentEncoding?: string;
  /** Reads segments in their order. Nothing is read before the first chunk is asked for. */
  read(segments: readonly BodySegment[], options: ReadOptions): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
}

/** The source of a file. It is opened for each answer. */
export interface FileOrigin {
  /** The name to save the file by, if the source has one. */
  readonly name: string | undefined;
  /** The media type, if the source or its name says so. */
  readonly type: string | undefined;
  /** Resolves to undefined if there is no such file. */
  open(context: OpenContext): Promise<OpenedFile | undefined>;
}

/** What opening a file depends on. */
export interface OpenContext {
  /** The directory that a relative root is resolved from. */
  readonly base: string;
  /** The `Accept-Encoding` field of the request; undefined if encoded siblings must not be used. */
  readonly acceptEncoding: string | undefined;
}
