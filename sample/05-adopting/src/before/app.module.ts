import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { PuppiesService } from '../puppies.service.js';
import { PuppiesController } from './puppies.controller.js';

/** The existing application with one line added. Nothing changes on the wire, and the log shows what would. */
@Module({
  imports: [ResponsesModule.forRoot({ validation: 'warn' })],
  controllers: [PuppiesController],
  providers: [PuppiesService],
})
export class AppModule {}
