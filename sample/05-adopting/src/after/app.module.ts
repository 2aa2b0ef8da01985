import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { PuppiesService } from '../puppies.service.js';
import { PuppiesController } from './puppies.controller.js';

/** The application after every line of the log has been resolved. */
@Module({
  imports: [ResponsesModule],
  controllers: [PuppiesController],
  providers: [PuppiesService],
})
export class AppModule {}
