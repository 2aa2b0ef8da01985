import { TypedRoute } from '@nestia/core';
import { Controller } from '@nestjs/common';
import { serveNest } from '../serve-nest.js';
import type { Platform } from '../scenario.js';
import { dogs, type Dog } from './dog.js';

/** The plugin in `nest-cli.json` compiles the validation, the projection and the writing of JSON with typia. */
export default function start(platform: Platform, count: number): Promise<number> {
  @Controller()
  class DogsController {
    @TypedRoute.Get()
    dogs(): Dog[] {
      return dogs(count);
    }
  }

  return serveNest(DogsController)(platform);
}
