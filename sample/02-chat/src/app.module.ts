import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EventChannelsModule, ResponsesModule, type EventLog } from 'nestjs-responses';
import { join } from 'node:path';
import { AssetsController } from '../../shared/assets.controller.js';
import { Answers } from './answers.js';
import { CompletionsController } from './completions.controller.js';
import { EVENT_LOG, EventLogModule } from './event-log.module.js';
import { ModelsController } from './models.controller.js';
import { OpenAIErrorFilter } from './openai-error.filter.js';
import { PageController } from './page.controller.js';
import { UIChatController } from './ui-chat.controller.js';

@Module({
  imports: [
    ResponsesModule.forRoot({ templates: { root: join(import.meta.dirname, 'templates') } }),
    EventLogModule,
    EventChannelsModule.forRootAsync({
      inject: [EVENT_LOG],
      useFactory: (log: EventLog) => ({ log }),
    }),
  ],
  controllers: [
    AssetsController,
    PageController,
    ModelsController,
    CompletionsController,
    UIChatController,
  ],
  providers: [Answers, { provide: APP_FILTER, useClass: OpenAIErrorFilter }],
})
export class AppModule {}
