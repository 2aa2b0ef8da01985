/**
 * The destination of a body. Implemented by `http.ServerResponse`, `http2.Http2ServerResponse` and `stream.Writable`.
 */
export interface ChunkTarget {
  /**
   * Returns false if the written data waits for the client. A `drain` event follows when it has been sent. `onWritten`
   * is called once the system has accepted the chunk, or with an error. Middleware may never call it.
   */
  write(chunk: string | Uint8Array, onWritten?: (error?: Error | null) => void): boolean;
  /**
   * Ends the body properly. `onFinished` is called once the system has accepted all of it. Middleware may never call
   * it.
   */
  end(onFinished?: () => void): void;
  /** Cuts the body, so that the client can tell it is incomplete. */
  destroy(): void;
  on(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
  /** Sends the head before the first chunk (`http.ServerResponse`). */
  flushHeaders?(): void;
  /** Sends the data that a transformation holds back (the `compression` middleware). */
  flush?(): void;
}
