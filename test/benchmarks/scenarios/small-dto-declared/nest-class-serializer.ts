import { ClassSerializerInterceptor, Controller, Get, UseInterceptors } from '@nestjs/common';
import { puppy, type Puppy } from '../../support/puppy.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class PuppyController {
  @Get()
  @UseInterceptors(ClassSerializerInterceptor)
  puppy(): Puppy {
    return puppy();
  }
}

export default serveNest(PuppyController);
