import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { PuppiesController } from './puppies.controller.js';

@Module({ imports: [ResponsesModule.forRoot()], controllers: [PuppiesController] })
export class AppModule {}
