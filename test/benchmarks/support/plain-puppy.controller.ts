import { Controller, Get } from '@nestjs/common';
import { Puppy, puppy } from './puppy.js';

/** A route that Nest answers itself. */
@Controller()
export class PlainPuppyController {
  @Get()
  puppy(): Puppy {
    return puppy();
  }
}
