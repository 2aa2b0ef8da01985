import { executionAsyncResource } from 'node:async_hooks';

/** The object that Node created for one call of `process.nextTick()`. */
const kept: { tick?: object } = {};

/**
 * True on Node 20 to 25, where the workaround makes a tick five times as fast: 65 ns instead of 300 to 460
 * (`npm run bench:ticks`). Node 26 does not need it.
 *
 * Delete this folder in May 2028, when Node 24 is out of support.
 */
export const NEEDS_QUICK_TICKS = Number.parseInt(process.versions.node, 10) < 26;

/**
 * Keeps `process.nextTick()` fast until `releaseTicks()`. Node calls it several times per request. Does nothing on a
 * Node that does not need it. Call it early: it has no effect after a garbage collection that found no pending tick.
 *
 * Node creates an object for each tick. A full garbage collection at a moment without pending ticks, e.g. while an
 * application starts, discards the engine's shape of these objects. The engine creates a new shape for the next tick and
 * optimizes ticks less from then on. An object that is kept alive keeps the shape alive.
 */
export function keepTicksQuick(): void {
  if (NEEDS_QUICK_TICKS) {
    process.nextTick(() => {
      kept.tick ??= executionAsyncResource();
    });
  }
}

/** Undoes `keepTicksQuick()`. */
export function releaseTicks(): void {
  process.nextTick(() => {
    delete kept.tick;
  });
}
