import { createHash, webcrypto } from 'node:crypto';
import type { BodySegment } from '../../../libs/byte-ranges/index.js';
import type { FileOrigin, OpenedFile } from './opened-file.js';

/** From this number of bytes on, another thread computes the hash. */
const LARGE = 256 * 1024;

/** A file of bytes in memory. Its strong entity tag is a hash of them. */
export class BytesFile implements FileOrigin {
  readonly name = undefined;
  readonly type = undefined;

  constructor(
    private readonly bytes: Uint8Array,
    /** False if the entity tag is already known. */
    private readonly needsTag: boolean,
  ) {}

  async open(): Promise<OpenedFile> {
    const { bytes } = this;
    return {
      size: bytes.length,
      etag: this.needsTag ? await entityTag(bytes) : undefined,
      lastModified: undefined,
      read: (segments) => views(bytes, segments),
      close: () => Promise.resolve(),
    };
  }
}

// An async generator like those of other files, although nothing is awaited.
async function* views(
  bytes: Uint8Array,
  segments: readonly BodySegment[],
): AsyncGenerator<Uint8Array, void> {
  for (const segment of segments) {
    yield segment instanceof Uint8Array ? segment : bytes.subarray(segment.start, segment.end + 1);
  }
}

/** Computes the hash of constant bytes only once. */
const tags = new WeakMap<Uint8Array, Promise<string>>();

function entityTag(bytes: Uint8Array): Promise<string> {
  let tag = tags.get(bytes);
  if (tag === undefined) {
    tag = hash(bytes).then((digest) => `"${digest.toString('base64url')}"`);
    tags.set(bytes, tag);
  }
  return tag;
}

async function hash(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length < LARGE
    ? createHash('sha256').update(bytes).digest()
    : Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes));
}
