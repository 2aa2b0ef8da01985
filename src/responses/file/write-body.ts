import type { ChunkTarget } from '../../../libs/streams/index.js';
import type { Exchange } from '../../exchange/exchange.js';
import type { FileBody } from './file-body.js';

/**
 * Writes a body as fast as its client reads, and ends it; settles as well once the client is gone. Holds one piece of
 * the body at a time. Rejects where the file cannot be read on.
 */
export async function writeBody(
  body: FileBody,
  target: ChunkTarget,
  exchange: Exchange,
): Promise<void> {
  let isGone = false;
  let proceed = () => {};
  exchange.onceOver(() => {
    isGone = true;
    proceed();
  });
  // Middleware may keep what it was given, and not tell when it is done with it (`compression`).
  const isIntercepted = exchange.isIntercepted;
  if (isIntercepted) {
    target.on('drain', () => proceed());
  }
  const write = (chunk: Buffer): Promise<void> =>
    new Promise((resolve) => {
      proceed = resolve;
      if (!isIntercepted) {
        target.write(chunk, () => resolve());
      } else if (target.write(chunk)) {
        resolve();
      }
    });

  let buffer = body.allocate();
  while (!body.isRead) {
    const chunk = await body.read(buffer);
    if (isGone) {
      return;
    }
    if (body.isRead) {
      target.write(chunk);
    } else {
      await write(chunk);
      buffer = isIntercepted ? body.allocate() : buffer;
    }
  }
  target.end();
}
