import { Global, Module } from '@nestjs/common';
import { MemoryEventLog, type EventLog } from 'nestjs-responses';
import { RedisEventLog } from 'nestjs-responses/redis';

export const EVENT_LOG = Symbol('EventLog');

/** Keeps answers in memory, or in Redis for any number of processes. */
@Global()
@Module({
  providers: [
    {
      provide: EVENT_LOG,
      useFactory: (): EventLog => {
        const url = process.env['REDIS_URL'];
        return url ? new RedisEventLog({ url }) : new MemoryEventLog();
      },
    },
  ],
  exports: [EVENT_LOG],
})
export class EventLogModule {}
