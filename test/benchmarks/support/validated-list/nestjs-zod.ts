import { Controller, Get, UseInterceptors } from '@nestjs/common';
import { createZodDto, ZodSerializerDto, ZodSerializerInterceptor } from 'nestjs-zod';
import { serveNest } from '../serve-nest.js';
import type { Platform } from '../scenario.js';
import { dogs } from './dog.js';
import { DOG_SCHEMA } from './dog.schema.js';

class DogDto extends createZodDto(DOG_SCHEMA) {}

export default function start(platform: Platform, count: number): Promise<number> {
  @Controller()
  class DogsController {
    @Get()
    @UseInterceptors(ZodSerializerInterceptor)
    @ZodSerializerDto([DogDto])
    dogs(): DogDto[] {
      return dogs(count);
    }
  }

  return serveNest(DogsController)(platform);
}
