import {
  ClassSerializerInterceptor,
  Controller,
  Get,
  SerializeOptions,
  UseInterceptors,
} from '@nestjs/common';
import { serveNest } from '../serve-nest.js';
import type { Platform } from '../scenario.js';
import { dogs, type Dog } from './dog.js';

/** Leaves out undeclared properties, but does not validate. */
export default function start(platform: Platform, count: number): Promise<number> {
  @Controller()
  class DogsController {
    @Get()
    @UseInterceptors(ClassSerializerInterceptor)
    @SerializeOptions({ strategy: 'excludeAll' })
    dogs(): Dog[] {
      return dogs(count);
    }
  }

  return serveNest(DogsController)(platform);
}
