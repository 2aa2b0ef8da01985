import { OutgoingMessage, type ServerResponse } from 'node:http';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { flushMiddleware } from './flush-middleware.js';

/** Longer text is left to Node, which then passes it on with the rest of its turn. In UTF-16 code units. */
const MAX_FRAMED_LENGTH = 4 * 1024;

/**
 * A body in the chunked encoding, over a connection.
 *
 * Node frames each write anew and passes it to the system in five pieces, which costs a quarter of a delivery. Here,
 * short text is framed in one piece, once for all clients that get it one after another, and written to the connection
 * of the response. Only if nothing could tell the difference: the head has been sent, nothing waits before the text, and
 * no middleware has replaced `write()`.
 */
export class ChunkedTarget implements ChunkTarget {
  constructor(private readonly raw: ServerResponse) {}

  write(chunk: string | Uint8Array, onWritten?: (error?: Error | null) => void): boolean {
    const { raw } = this;
    if (typeof chunk === 'string' && isFramable(chunk) && isUntouched(raw)) {
      const { socket } = raw;
      const framed = frame(chunk);
      // A longer write would wait for `drain`, which Node passes on only for writes of its own.
      if (socket?.writable && framed.length < socket.writableHighWaterMark) {
        return socket.write(framed, onWritten);
      }
    }
    return onWritten ? raw.write(chunk, onWritten) : raw.write(chunk);
  }

  end(onFinished?: () => void): void {
    this.raw.end(onFinished);
  }

  destroy(): void {
    this.raw.destroy();
  }

  on(event: 'drain', listener: () => void): void {
    this.raw.on(event, listener);
  }

  off(event: 'drain', listener: () => void): void {
    this.raw.off(event, listener);
  }

  flushHeaders(): void {
    this.raw.flushHeaders();
  }

  flush(): void {
    flushMiddleware(this.raw);
  }
}

/** The last text, and its chunk. */
let last = { text: '', chunk: Buffer.alloc(0) };

/** Writes text as one chunk. Source: RFC 9112, section 7.1. */
function frame(text: string): Buffer {
  if (text !== last.text) {
    const size = Buffer.byteLength(text).toString(16);
    last = { text, chunk: Buffer.from(`${size}\r\n${text}\r\n`) };
  }
  return last.chunk;
}

/** An empty chunk would end the body. */
function isFramable(text: string): boolean {
  return text !== '' && text.length <= MAX_FRAMED_LENGTH;
}

/** True if text can follow what the response has written. */
function isUntouched(raw: ServerResponse): boolean {
  return (
    raw.headersSent &&
    raw.chunkedEncoding &&
    !raw.writableEnded &&
    // Also counts what waits in its connection.
    raw.writableLength === 0 &&
    // Unlike the prototype of `ServerResponse`, rarely replaced, e.g. to observe bodies.
    raw.write === OutgoingMessage.prototype.write
  );
}
