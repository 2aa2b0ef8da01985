import type { NodeResponse } from './close-watch.js';

/** Has middleware that compresses the reply send what it holds back: `res.flush()` of `compression`. */
export function flushMiddleware(raw: NodeResponse & { readonly flush?: () => void }): void {
  raw.flush?.();
}
