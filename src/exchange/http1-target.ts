import type { ServerResponse } from 'node:http';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { flushMiddleware } from './flush-middleware.js';

/** What a body over HTTP/1 is written to. */
export function http1Target(raw: ServerResponse): ChunkTarget {
  return raw.req.httpVersion === '1.0' ? unframedTarget(raw) : raw;
}

/**
 * HTTP/1.0 has no chunks: a body of unknown length ends with its connection, so that only a reset tells a cut from the
 * end. nginx speaks it to its upstream unless told otherwise, and would pass the cut on as a proper end.
 */
function unframedTarget(raw: ServerResponse): ChunkTarget {
  return {
    write: (chunk, onWritten) => (onWritten ? raw.write(chunk, onWritten) : raw.write(chunk)),
    end: (onFinished) => raw.end(onFinished),
    destroy: () => {
      try {
        raw.req.socket.resetAndDestroy();
      } catch {
        // Only TCP has a reset, neither TLS nor a Unix socket.
        raw.destroy();
      }
    },
    on: (event, listener) => raw.on(event, listener),
    off: (event, listener) => raw.off(event, listener),
    flushHeaders: () => raw.flushHeaders(),
    flush: () => flushMiddleware(raw),
  };
}
