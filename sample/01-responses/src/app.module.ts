import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { join } from 'node:path';
import { AssetsController } from '../../shared/assets.controller.js';
import { APIController } from './api.controller.js';
import { BufferedController } from './buffered.controller.js';
import { CSVResponse } from './csv-response.js';
import { EventsController } from './events.controller.js';
import { FilesController } from './files.controller.js';
import { LinesController } from './lines.controller.js';
import { MessagePackResponse } from './message-pack-response.js';
import { PagesController } from './pages.controller.js';
import { Recording } from './recording.js';
import { RepresentationsController } from './representations.controller.js';

@Module({
  imports: [
    ResponsesModule.forRoot({
      templates: { root: join(import.meta.dirname, 'templates') },
      responses: [CSVResponse, MessagePackResponse],
    }),
  ],
  controllers: [
    AssetsController,
    PagesController,
    BufferedController,
    APIController,
    LinesController,
    EventsController,
    FilesController,
    RepresentationsController,
  ],
  providers: [Recording],
})
export class AppModule {}
