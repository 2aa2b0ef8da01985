import { Module } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { AppController } from './app.controller.js';

@Module({ imports: [ResponsesModule.forRoot()], controllers: [AppController] })
export class AppModule {}
