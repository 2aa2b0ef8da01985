import type { NodeResponse } from './close-watch.js';

/** Makes compressing middleware send the data that it holds back, using the `res.flush()` of `compression`. */
export function flushMiddleware(raw: NodeResponse & { readonly flush?: () => void }): void {
  raw.flush?.();
}
