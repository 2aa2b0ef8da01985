import { MemoryEventLog, type EventLog, type Retention } from '../../src/index.js';
import { RedisEventLog } from '../../src/channels/redis/index.js';
import { redisProgram, RedisServer } from './redis-server.js';

/** An engine of event channels, and the server that it needs, if any. */
export interface LogKind {
  readonly name: string;
  /** Starts what the engine needs. */
  setUp(): Promise<void>;
  tearDown(): Promise<void>;
  create(retention?: Retention): EventLog;
}

let server: RedisServer | undefined;

const memory: LogKind = {
  name: 'MemoryEventLog',
  setUp: async () => undefined,
  tearDown: async () => undefined,
  create: (retention) => new MemoryEventLog(retention),
};

const redis: LogKind = {
  name: 'RedisEventLog',
  setUp: async () => {
    server = await RedisServer.start();
  },
  tearDown: async () => server?.remove(),
  create: (retention) => new RedisEventLog({ url: server?.url ?? '', ...retention }),
};

/** All engines that the tests of event channels run on. Includes Redis if it is installed. */
export const logs: readonly LogKind[] = redisProgram ? [memory, redis] : [memory];
