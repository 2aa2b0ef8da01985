import 'reflect-metadata';
import { collect } from './collect.js';
import type { CountedStart, Platform } from './scenario.js';

/** The resources that the process has used since its start. */
export interface Usage {
  /** The user and system time, in microseconds. */
  readonly cpu: number;
  /** The peak of the resident set, in KiB. */
  readonly memory: number;
  /** The resident set now, in bytes. */
  readonly resident: number;
  /** The JavaScript heap and the memory bound to its objects, in bytes. After a collection, if one was requested. */
  readonly heap: number;
}

/** A request to the process: its usage, before or after a full garbage collection. */
export type UsageRequest = 'usage' | 'collected';

/** The process of one contestant. Reports its port, then its usage on request. */
const [file, platform, count] = process.argv.slice(2) as [string, Platform, string];
const { default: start } = (await import(file)) as { default: CountedStart };
const port = await start(platform, Number(count));

process.on('message', (request: UsageRequest) => {
  void (request === 'collected' ? collect() : Promise.resolve()).then(() =>
    process.send?.(usage()),
  );
});
process.on('disconnect', () => process.exit());
process.send?.(port);

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    cpu: user + system,
    memory: process.resourceUsage().maxRSS,
    resident: rss,
    heap: heapUsed + external,
  };
}
