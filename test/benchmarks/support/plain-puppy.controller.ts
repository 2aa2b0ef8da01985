import { Controller, Get } from '@nestjs/common';
import { Puppy, puppy } from './puppy.js';

/** A route as Nest answers it by itself. */
@Controller()
export class PlainPuppyController {
  @Get()
  puppy(): Puppy {
    return puppy();
  }
}
