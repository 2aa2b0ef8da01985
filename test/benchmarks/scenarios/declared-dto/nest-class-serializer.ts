import { ClassSerializerInterceptor, Controller, Get, UseInterceptors } from '@nestjs/common';
import { puppies, type Puppy } from '../../support/puppy.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class PuppiesController {
  @Get()
  @UseInterceptors(ClassSerializerInterceptor)
  puppies(): Puppy[] {
    return puppies();
  }
}

export default serveNest(PuppiesController);
