import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { join } from 'node:path';
import { BufferedController } from './buffered.controller.js';
import { EventsController } from './events.controller.js';
import { LinesController } from './lines.controller.js';
import { PagesController } from './pages.controller.js';

@Module({
  imports: [
    ResponsesModule.forRoot({ templates: { root: join(import.meta.dirname, 'templates') } }),
  ],
  controllers: [PagesController, BufferedController, LinesController, EventsController],
})
export class AppModule {}
