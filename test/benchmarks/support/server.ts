import 'reflect-metadata';
import type { CountedStart, Platform } from './scenario.js';

/** The resources that the process has used since its start. */
export interface Usage {
  /** The user and system time, in microseconds. */
  readonly cpu: number;
  /** The peak of the resident set, in KiB. */
  readonly memory: number;
}

/** The process of one contestant. Reports its port, then its usage on request. */
const [file, platform, count] = process.argv.slice(2) as [string, Platform, string];
const { default: start } = (await import(file)) as { default: CountedStart };
const port = await start(platform, Number(count));

process.on('message', () => process.send?.(usage()));
process.on('disconnect', () => process.exit());
process.send?.(port);

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, memory: process.resourceUsage().maxRSS };
}
