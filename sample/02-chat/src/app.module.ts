import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ResponsesModule } from 'nestjs-responses';
import { join } from 'node:path';
import { AssetsController } from '../../shared/assets.controller.js';
import { CompletionsController } from './completions.controller.js';
import { ModelsController } from './models.controller.js';
import { OpenAIErrorFilter } from './openai-error.filter.js';
import { PageController } from './page.controller.js';

@Module({
  imports: [
    ResponsesModule.forRoot({ templates: { root: join(import.meta.dirname, 'templates') } }),
  ],
  controllers: [AssetsController, PageController, ModelsController, CompletionsController],
  providers: [{ provide: APP_FILTER, useClass: OpenAIErrorFilter }],
})
export class AppModule {}
