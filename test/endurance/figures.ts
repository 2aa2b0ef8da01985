import { readdirSync, readFileSync } from 'node:fs';

/** The resources of a process. */
export interface Figures {
  /** Resident memory, in bytes: current and peak. */
  readonly rss: number;
  readonly peakRSS: number;
  /** The used heap after a full garbage collection, in bytes. */
  readonly heap: number;
  readonly descriptors: number;
  readonly timers: number;
}

/** Measures this process, which must run with `--expose-gc`. */
export async function takeFigures(): Promise<Figures> {
  // A second run collects the objects that finalizers have released.
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  const { rss, heapUsed } = process.memoryUsage();
  return {
    rss,
    peakRSS: peakRSS(),
    heap: heapUsed,
    descriptors: readdirSync('/proc/self/fd').length,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
  };
}

/** The peak resident memory of this process, in bytes. Source: proc(5), `VmHWM`. */
function peakRSS(): number {
  const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
