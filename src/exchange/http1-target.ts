import type { ServerResponse } from 'node:http';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { ChunkedTarget } from './chunked-target.js';
import { connectionOf } from './close-watch.js';
import { flushMiddleware } from './flush-middleware.js';

/** Returns the target of a body that is streamed over HTTP/1. */
export function http1Target(raw: ServerResponse): ChunkTarget {
  if (!connectionOf(raw)) {
    return unconnectedTarget(raw);
  }
  return raw.req.httpVersion === '1.0' ? unframedTarget(raw) : new ChunkedTarget(raw);
}

/**
 * HTTP/1.0 has no chunked encoding: a body of unknown length ends with its connection, so only a reset shows that it
 * was cut. nginx uses HTTP/1.0 to its upstream by default, and would otherwise pass on a cut as a proper end.
 */
function unframedTarget(raw: ServerResponse): ChunkTarget {
  return {
    ...targetOf(raw),
    destroy: () => {
      try {
        raw.req.socket.resetAndDestroy();
      } catch {
        // Only TCP can be reset, not TLS or a Unix socket.
        raw.destroy();
      }
    },
  };
}

/** A response without a connection, e.g. under `app.inject()` or in a serverless function. */
function unconnectedTarget(raw: ServerResponse): ChunkTarget {
  return {
    ...targetOf(raw),
    // The `write()` of some adapters returns undefined, and they never emit `drain`.
    write: (chunk, onWritten) =>
      (onWritten ? raw.write(chunk, onWritten) : raw.write(chunk)) !== false,
    end: (onFinished) => {
      // Some adapters never finish a response whose head and end are written together.
      if (!raw.headersSent) {
        raw.flushHeaders();
      }
      raw.end(onFinished);
    },
    destroy: () => failUnconnected(raw),
  };
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

function targetOf(raw: ServerResponse): ChunkTarget {
  return {
    write: (chunk, onWritten) => (onWritten ? raw.write(chunk, onWritten) : raw.write(chunk)),
    end: (onFinished) => raw.end(onFinished),
    destroy: () => raw.destroy(),
    on: (event, listener) => raw.on(event, listener),
    off: (event, listener) => raw.off(event, listener),
    flushHeaders: () => raw.flushHeaders(),
    flush: () => flushMiddleware(raw),
  };
}
