/** What a body is written to: `http.ServerResponse`, `http2.Http2ServerResponse` and every `stream.Writable` are one. */
export interface ChunkTarget {
  /**
   * Returns false when what was written waits for the client: a `drain` event follows once it is on its way.
   * `onWritten` is called once the system has taken the chunk, or with an error; middleware may never call it.
   */
  write(chunk: string | Uint8Array, onWritten?: (error?: Error | null) => void): boolean;
  /** Ends the body properly. `onFinished` is called once the system has taken all of it; middleware may never call it. */
  end(onFinished?: () => void): void;
  /** Cuts the body, so that the client cannot take it for the whole. */
  destroy(): void;
  on(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
  /** Sends the head alone, ahead of the first chunk (`http.ServerResponse`). */
  flushHeaders?(): void;
  /** Sends what a transformation has held back so far (the `compression` middleware). */
  flush?(): void;
}
