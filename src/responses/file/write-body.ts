import type { ChunkTarget } from '../../../libs/streams/index.js';
import type { Exchange } from '../../exchange/exchange.js';
import { BufferPool } from './buffer-pool.js';
import type { FileBody } from './file-body.js';

/** One for the process, as it bounds the memory of it. */
const buffers = new BufferPool();

/** Bytes that middleware is given at once. */
const FRESH = 64 * 1024;

/**
 * Writes a body as fast as its client reads, one piece at a time, and ends it; settles as well once the client is gone.
 * Rejects where the file cannot be read on.
 */
export function writeBody(body: FileBody, target: ChunkTarget, exchange: Exchange): Promise<void> {
  const client = new Client(exchange);
  // Middleware may keep what it is given, and not tell when it is done with it (`compression`).
  return exchange.isIntercepted
    ? writeFresh(body, target, client)
    : writePooled(body, target, client);
}

async function writePooled(body: FileBody, target: ChunkTarget, client: Client): Promise<void> {
  if (body.rest === 0) {
    target.end();
    return;
  }
  const buffer = buffers.take(body.rest);
  let isFree = true;
  try {
    while (body.rest > 0) {
      const chunk = await body.read(buffer);
      if (client.isGone) {
        return;
      }
      isFree = false;
      const written = client.until((done) => {
        target.write(chunk, (error) => {
          isFree = !error;
          done();
        });
      });
      if (body.rest === 0) {
        target.end();
      }
      await written;
    }
  } finally {
    buffers.giveBack(buffer, isFree);
  }
}

async function writeFresh(body: FileBody, target: ChunkTarget, client: Client): Promise<void> {
  let onDrain = () => {};
  target.on('drain', () => onDrain());
  while (body.rest > 0) {
    const chunk = await body.read(Buffer.allocUnsafeSlow(Math.min(body.rest, FRESH)));
    if (client.isGone) {
      return;
    }
    if (!target.write(chunk)) {
      await client.until((done) => {
        onDrain = done;
      });
    }
  }
  target.end();
}

/** Whoever reads the body: may take time, and may leave. */
class Client {
  #isGone = false;
  #wake = () => {};

  constructor(exchange: Exchange) {
    exchange.onceOver(() => {
      this.#isGone = true;
      this.#wake();
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Settles when what `start` was given is called, or when the client is gone. */
  until(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      start(resolve);
    });
  }
}
