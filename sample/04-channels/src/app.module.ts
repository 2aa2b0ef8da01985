import { Module } from '@nestjs/common';
import { EventChannelsModule, ResponsesModule } from 'nestjs-responses';
import { RedisEventLog } from 'nestjs-responses/redis';
import { AssetsController } from '../../shared/assets.controller.js';
import { MessagesController } from './messages.controller.js';
import { PageController } from './page.controller.js';
import { ProcessesController } from './processes.controller.js';

@Module({
  imports: [
    ResponsesModule.forRoot({ eventStream: { retry: 500 } }),
    EventChannelsModule.forRootAsync({
      useFactory: () => {
        const url = process.env['REDIS_URL'];
        return url ? { log: new RedisEventLog({ url }) } : {};
      },
    }),
  ],
  controllers: [AssetsController, PageController, MessagesController, ProcessesController],
})
export class AppModule {}
