import { executionAsyncResource } from 'node:async_hooks';

/** What Node made of one call of `process.nextTick()`. */
const kept: { tick?: object } = {};

/**
 * Keeps `process.nextTick()` quick for as long as the process runs; Node calls it several times for each request. Works
 * only if it is called before a garbage collection has found no tick waiting, so as early as can be.
 *
 * Node makes an object of each tick, and the engine forgets the shape of these objects when it collects all garbage while
 * none is there, e.g. while an application starts. It makes the shape anew for the next, and treats ticks from then on as if
 * objects of any shape came by: 300 ns instead of 60 for a tick, with Node 20 to 26. An object that is kept keeps its shape.
 */
export function keepTicksQuick(): void {
  process.nextTick(() => {
    kept.tick ??= executionAsyncResource();
  });
}
