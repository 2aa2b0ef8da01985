import type { ServerResponse } from 'node:http';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { ChunkedTarget } from './chunked-target.js';
import { connectionOf } from './close-watch.js';
import { ResponseTarget } from './response-target.js';

/** Returns the target of a body that is streamed over HTTP/1. */
export function http1Target(raw: ServerResponse): ChunkTarget {
  if (!connectionOf(raw)) {
    return new UnconnectedTarget(raw);
  }
  return raw.req.httpVersion === '1.0' ? new UnframedTarget(raw) : new ChunkedTarget(raw);
}

/**
 * HTTP/1.0 has no chunked encoding: a body of unknown length ends with its connection, so only a reset shows that it
 * was cut. nginx uses HTTP/1.0 to its upstream by default, and would otherwise pass on a cut as a proper end.
 */
class UnframedTarget extends ResponseTarget {
  override destroy(): void {
    try {
      this.raw.req.socket.resetAndDestroy();
    } catch {
      // Only TCP can be reset, not TLS or a Unix socket.
      super.destroy();
    }
  }
}

/** A response without a connection, e.g. under `app.inject()` or in a serverless function. */
class UnconnectedTarget extends ResponseTarget {
  /** The `write()` of some adapters returns undefined, and they never emit `drain`. */
  override write(chunk: string | Uint8Array, onWritten?: (error?: Error | null) => void): boolean {
    return (super.write(chunk, onWritten) as boolean | undefined) !== false;
  }

  override end(onFinished?: () => void): void {
    // Some adapters never finish a response whose head and end are written together.
    if (!this.raw.headersSent) {
      this.raw.flushHeaders();
    }
    super.end(onFinished);
  }

  override destroy(): void {
    failUnconnected(this.raw);
  }
}

/** Ends a response with an error. Emits the events itself for adapters whose socket is a placeholder. */
function failUnconnected(raw: ServerResponse): void {
  const error = new Error('The response was cut before its end.');
  let isClosed = false;
  raw.once('close', () => {
    isClosed = true;
  });
  raw.destroy(error);
  setImmediate(() => {
    if (!isClosed) {
      if (raw.listenerCount('error') > 0) {
        raw.emit('error', error);
      }
      raw.emit('close');
    }
  });
}
