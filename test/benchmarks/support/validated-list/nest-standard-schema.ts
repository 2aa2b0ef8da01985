import {
  Controller,
  Get,
  SerializeOptions,
  StandardSchemaSerializerInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { serveNest } from '../serve-nest.js';
import type { Platform } from '../scenario.js';
import { dogs, type Dog } from './dog.js';
import { DOG_SCHEMA } from './dog.schema.js';

export default function start(platform: Platform, count: number): Promise<number> {
  @Controller()
  class DogsController {
    @Get()
    @UseInterceptors(StandardSchemaSerializerInterceptor)
    @SerializeOptions({ schema: DOG_SCHEMA })
    dogs(): Dog[] {
      return dogs(count);
    }
  }

  return serveNest(DogsController)(platform);
}
