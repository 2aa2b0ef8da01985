import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { PuppiesService } from '../puppies.service.js';
import { PuppiesController } from './puppies.controller.js';

/** The application as it was, with one line more: nothing changes on the wire, and the log tells what would. */
@Module({
  imports: [ResponsesModule.forRoot({ validation: 'warn' })],
  controllers: [PuppiesController],
  providers: [PuppiesService],
})
export class AppModule {}
