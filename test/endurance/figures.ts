import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds, and what it has done so far. */
export interface Figures {
  /** Resident memory, in bytes: now, and the most that it ever was. */
  readonly rss: number;
  readonly peakRSS: number;
  /** What is in use of the heap, in bytes, once all garbage is collected. */
  readonly heap: number;
  readonly descriptors: number;
  readonly timers: number;
}

/** Takes the figures of this process, which has to run with `--expose-gc`. */
export async function takeFigures(): Promise<Figures> {
  // What finalizers let go of is collected by the next.
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

/** The most resident memory that this process ever had, in bytes. Source: proc(5), `VmHWM`. */
function peakRSS(): number {
  const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
