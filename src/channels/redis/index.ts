/**
 * Event channels for several processes, with Redis.
 *
 * @module nestjs-responses/redis
 */
export { RedisEventLog } from './redis-event-log.js';
export type { RedisEventLogOptions } from './redis-event-log.js';
export type {
  RedisClientLike,
  RedisClusterOptions,
  RedisSentinelOptions,
} from './redis-topology.js';
