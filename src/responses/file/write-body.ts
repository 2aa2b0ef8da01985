import type { ChunkTarget } from '../../../libs/streams/index.js';
import type { FileClient } from './file-client.js';

/** The chunks of a body, the first of which has been read. */
export interface BodyChunks {
  readonly first: IteratorResult<Uint8Array, void>;
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  /** Bytes of all chunks. */
  readonly length: number;
}

/**
 * Writes chunks as fast as the client reads them, one at a time, and ends the body. Also resolves once the client has
 * disconnected. Rejects if the chunks fail.
 */
export async function writeBody(
  { first, chunks, length }: BodyChunks,
  target: ChunkTarget,
  client: FileClient,
): Promise<void> {
  let rest = length;
  if (first.done) {
    target.end();
  }
  try {
    for (let next = first; !next.done && !client.isGone; next = await chunks.next()) {
      rest -= next.value.length;
      const written = client.write(next.value, target);
      if (rest === 0) {
        target.end();
      }
      if (!(await written)) {
        return;
      }
    }
  } finally {
    await chunks.return();
  }
}
