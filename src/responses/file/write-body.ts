import type { ChunkTarget } from '../../../libs/streams/index.js';
import type { FileClient } from './file-client.js';

/** The chunks of a body. The first one has already been read. */
export interface BodyChunks {
  readonly first: IteratorResult<Uint8Array, void>;
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  /** The number of bytes of all chunks. */
  readonly length: number;
}

/**
 * Writes chunks one at a time, as fast as the client reads them, and ends the body. Also resolves once the client has
 * disconnected. Rejects if reading the chunks fails.
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
