/** The callbacks of each signal, behind one listener. Node warns of a leak above ten listeners. */
const callbacks = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` when a signal aborts. Any number of callers can share a signal, e.g. that of a shutdown.
 *
 * @returns a function that stops listening
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let shared = callbacks.get(signal);
  if (!shared) {
    const created = new Set<() => void>();
    const listener = () => [...created].forEach((call) => call());
    signal.addEventListener('abort', listener, { once: true });
    callbacks.set(signal, created);
    shared = created;
  }
  const all = shared;
  // The same function may be passed twice.
  const own = () => callback();
  all.add(own);
  return () => void all.delete(own);
}
