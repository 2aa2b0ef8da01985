import { Body, Controller, Get, Inject, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import {
  EventChannels,
  EventChannelsModule,
  LastEventId,
  MemoryEventLog,
  ResponsesModule,
  type Response,
} from '../../src/index.js';
import { RedisEventLog } from '../../src/channels/redis/index.js';

/** Retains all events of a storm. */
const RETENTION = { maxLength: 200_000, maxAge: 60 * 60 * 1000 };

@Controller()
class StormController {
  constructor(@Inject(EventChannels) private readonly channels: EventChannels) {}

  @Get('events/:channel')
  events(@Param('channel') channel: string, @LastEventId() after?: string): Promise<Response> {
    return this.channels.respond(channel, { after, from: 'start', heartbeat: 1000 });
  }

  @Post('end/:channel')
  end(@Param('channel') channel: string): Promise<void> {
    return this.channels.end(channel);
  }

  /** Publishes a batch in order. If it fails, only the start of the batch may have been stored. */
  @Post('publish/:channel')
  async publish(@Param('channel') channel: string, @Body() texts: string[]): Promise<void> {
    for (const text of texts) {
      await this.channels.publish(channel, { data: text });
    }
  }
}

@Module({
  imports: [
    ResponsesModule.forRoot(),
    EventChannelsModule.forRootAsync({
      useFactory: () => {
        const { REDIS_URL: url, REDIS_OPTIONS: json } = process.env;
        const options = json === undefined ? url && { url } : (JSON.parse(json) as object);
        return {
          log: options
            ? new RedisEventLog({ ...options, ...RETENTION })
            : new MemoryEventLog(RETENTION),
        };
      },
    }),
  ],
  controllers: [StormController],
})
class StormModule {}

const app = await NestFactory.create(StormModule, new ExpressAdapter(), {
  logger: false,
  forceCloseConnections: true,
});
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT']), '127.0.0.1');
process.send?.('ready');
