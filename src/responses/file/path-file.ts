import { NotAcceptableException } from '@nestjs/common';
import type { FileHandle } from 'node:fs/promises';
import { strongETag, type BodySegment } from '../../../libs/byte-ranges/index.js';
import { BufferPool } from './buffer-pool.js';
import { acceptedCodings, EXTENSIONS, type ContentCoding } from './content-coding.js';
import { FileBody } from './file-body.js';
import { guessType } from './guess-type.js';
import { openFile, type OpenFile } from './open-file.js';
import type { FileOrigin, OpenContext, OpenedFile, ReadOptions } from './opened-file.js';

/** Shared by all responses of the process, to limit their memory. */
const buffers = new BufferPool();

/** The size of a chunk that its consumer may keep, in bytes. */
const FRESH = 64 * 1024;

/** The ways in which a file may be sent. */
export interface PathFileOptions {
  readonly root: string | undefined;
  readonly allowsDotfiles: boolean;
  /** The content codings of siblings to look for, most preferred first. */
  readonly codings: readonly ContentCoding[];
}

/** A file in the file system. */
export class PathFile implements FileOrigin {
  readonly name = undefined;
  readonly type: string | undefined;

  constructor(
    private readonly path: string,
    private readonly options: PathFileOptions,
  ) {
    this.type = guessType(path);
  }

  async open({ base, acceptEncoding }: OpenContext): Promise<OpenedFile | undefined> {
    const { codings } = this.options;
    const file = await this.#open(this.path, base);
    if (!file || codings.length === 0) {
      return file && opened(file);
    }
    let isUsed = false;
    try {
      const accepted = acceptedCodings(codings, acceptEncoding);
      for (const coding of accepted) {
        if (coding === 'identity') {
          isUsed = true;
          return opened(file);
        }
        const sibling = await this.#openSibling(file, coding, base);
        if (sibling) {
          return sibling;
        }
      }
      throw new NotAcceptableException();
    } finally {
      if (!isUsed) {
        await file.handle.close();
      }
    }
  }

  async #openSibling(
    { stats }: OpenFile,
    coding: ContentCoding,
    base: string,
  ): Promise<OpenedFile | undefined> {
    const path = `${this.path}${EXTENSIONS[coding]}`;
    // An unreadable sibling counts as missing, because the file itself can be sent.
    const sibling = await this.#open(path, base).catch(() => undefined);
    if (sibling && sibling.stats.mtimeNs < stats.mtimeNs) {
      await sibling.handle.close();
      return undefined;
    }
    return sibling && opened(sibling, coding);
  }

  #open(path: string, base: string): Promise<OpenFile | undefined> {
    const { root, allowsDotfiles } = this.options;
    return openFile({ path, root, base, allowsDotfiles });
  }
}

function opened({ handle, stats }: OpenFile, contentEncoding?: ContentCoding): OpenedFile {
  return {
    size: Number(stats.size),
    etag: strongETag(stats, contentEncoding),
    lastModified: Number(stats.mtimeNs / 1_000_000n),
    ...(contentEncoding && { contentEncoding }),
    read: (segments, options) => read(handle, segments, options),
    close: () => handle.close(),
  };
}

async function* read(
  handle: FileHandle,
  segments: readonly BodySegment[],
  { keepsChunks }: ReadOptions,
): AsyncGenerator<Uint8Array, void> {
  const body = new FileBody(handle, segments);
  if (body.rest === 0) {
    return;
  }
  if (keepsChunks) {
    while (body.rest > 0) {
      yield await body.read(Buffer.allocUnsafeSlow(Math.min(body.rest, FRESH)));
    }
    return;
  }
  const buffer = buffers.take(body.rest);
  let isFree = true;
  try {
    while (body.rest > 0) {
      const chunk = await body.read(buffer);
      isFree = false;
      yield chunk;
      isFree = true;
    }
  } finally {
    buffers.giveBack(buffer, isFree);
  }
}
