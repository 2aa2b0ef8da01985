import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { BufferedController } from './buffered.controller.js';
import { EventsController } from './events.controller.js';
import { LinesController } from './lines.controller.js';
import { StartController } from './start.controller.js';

@Module({
  imports: [ResponsesModule.forRoot()],
  controllers: [StartController, BufferedController, LinesController, EventsController],
})
export class AppModule {}
