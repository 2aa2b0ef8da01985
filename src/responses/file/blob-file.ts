import { rangeLength, type BodySegment, type ByteRange } from '../../../libs/byte-ranges/index.js';
import { openPullSource } from '../../../libs/streams/index.js';
import type { BlobLike } from './file-source.js';
import { guessType } from './guess-type.js';
import type { FileOrigin, OpenedFile, ReadOptions } from './opened-file.js';

/** A file from an object like a web `Blob`. Requests only the ranges that are sent. */
export class BlobFile implements FileOrigin {
  readonly name: string | undefined;
  readonly type: string | undefined;

  constructor(private readonly blob: BlobLike) {
    const { name, type } = blob;
    // Often the name of an upload. A line break in it comes from a client, so it is not an error of the developer.
    this.name = name ? name.replace(/[\r\n\0]/g, '_') : undefined;
    this.type = type || guessType(name);
  }

  open(): Promise<OpenedFile> {
    const { blob } = this;
    return Promise.resolve({
      size: blob.size,
      etag: undefined,
      lastModified: blob.lastModified,
      read: (segments: readonly BodySegment[], options: ReadOptions) =>
        readSegments(blob, segments, options),
      close: () => Promise.resolve(),
    });
  }
}

async function* readSegments(
  blob: BlobLike,
  segments: readonly BodySegment[],
  { signal }: ReadOptions,
): AsyncGenerator<Uint8Array, void> {
  for (const segment of segments) {
    if (segment instanceof Uint8Array) {
      yield segment;
    } else {
      yield* readRange(blob, segment, signal);
    }
  }
}

async function* readRange(
  blob: BlobLike,
  range: ByteRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const length = rangeLength(range);
  const slice = await blob.slice(range.start, range.end + 1);
  signal.throwIfAborted();
  const source = openPullSource<Uint8Array>(await slice.stream({ signal }));
  // Stops the source, even while a read is pending. Errors while stopping are ignored.
  const stop = () => void (async () => source.stop())().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    let rest = length;
    let last: Uint8Array | undefined;
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await source.next();
      if (done) {
        break;
      }
      const chunk = asBytes(value);
      rest -= chunk.length;
      if (rest < 0) {
        throw new Error(
          `slice(${range.start}, ${range.end + 1}) of the file has more than ${length} bytes.`,
        );
      }
      if (rest > 0) {
        yield chunk;
      } else {
        // Sent only after the source has ended. If it continues, it has ignored the range, and its bytes may be wrong.
        last = last === undefined ? chunk : last;
      }
    }
    if (rest > 0) {
      throw new Error(
        `slice(${range.start}, ${range.end + 1}) of the file ended ${rest} bytes before its end.`,
      );
    }
    if (last !== undefined) {
      yield last;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) {
    return chunk;
  }
  throw new TypeError(`A file is streamed as chunks of Uint8Array, got a ${typeof chunk}.`);
}
