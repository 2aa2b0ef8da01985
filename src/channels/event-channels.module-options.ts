import { inspect } from 'node:util';
import type { EventLog } from '../../libs/event-log/index.js';

/** Options of `EventChannelsModule`, all optional. @publicApi */
export interface EventChannelsModuleOptions {
  /**
   * The engine that stores the events: a `MemoryEventLog` for one process, a `RedisEventLog` of
   * `nestjs-responses/redis` for several, or your own. It is closed with the application.
   *
   * @default new MemoryEventLog()
   */
  readonly log?: EventLog;
}

const METHODS: readonly (keyof EventLog)[] = ['append', 'read', 'follow', 'end', 'close'];

/** Throws a `TypeError` that names the first option that is unknown or has an invalid value. */
export function checkOptions({ log, ...others }: EventChannelsModuleOptions): void {
  for (const name of Object.keys(others)) {
    throw new TypeError(`EventChannelsModule has no option "${name}". Its option is "log".`);
  }
  const isObject = typeof log === 'object' && log !== null;
  const missing = METHODS.filter((name) => !isObject || typeof log[name] !== 'function');
  if (log !== undefined && missing.length > 0) {
    throw new TypeError(
      `The option "log" of EventChannelsModule must be an EventLog, got ${inspect(log, { depth: 0 })} ` +
        `without ${missing.map((name) => `${name}()`).join(', ')}.`,
    );
  }
}
