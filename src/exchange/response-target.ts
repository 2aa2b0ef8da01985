import type { ServerResponse } from 'node:http';
import type { ChunkTarget } from '../../libs/streams/index.js';
import { flushMiddleware } from './flush-middleware.js';

/** Passes a body to a response of Node. A class, because thousands of streams may be open. */
export class ResponseTarget implements ChunkTarget {
  constructor(protected readonly raw: ServerResponse) {}

  write(chunk: string | Uint8Array, onWritten?: (error?: Error | null) => void): boolean {
    return onWritten ? this.raw.write(chunk, onWritten) : this.raw.write(chunk);
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
