import { Controller, Get } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { serveNest } from '../serve-nest.js';
import type { Platform } from '../scenario.js';
import { dogs, type Dog } from './dog.js';
import { DOGS_RESPONSE } from './dogs.response.js';

/** Fastify's own way to write JSON. It does not validate. */
export default function start(platform: Platform, count: number): Promise<number> {
  @Controller()
  class DogsController {
    @Get()
    @RouteSchema(DOGS_RESPONSE)
    dogs(): Dog[] {
      return dogs(count);
    }
  }

  return serveNest(DogsController)(platform);
}
