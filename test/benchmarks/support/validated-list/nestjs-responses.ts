import { Controller, Get } from '@nestjs/common';
import { ApiJSONResponse, ResponsesModule } from 'nestjs-responses';
import { serveNest } from '../serve-nest.js';
import type { Platform } from '../scenario.js';
import { Dog, dogs } from './dog.js';

export default function start(platform: Platform, count: number): Promise<number> {
  @Controller()
  class DogsController {
    @Get()
    @ApiJSONResponse({ type: [Dog] })
    dogs(): Dog[] {
      return dogs(count);
    }
  }

  return serveNest(DogsController, { imports: [ResponsesModule.forRoot()] })(platform);
}
