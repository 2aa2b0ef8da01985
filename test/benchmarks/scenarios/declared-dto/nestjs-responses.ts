import { Controller, Get } from '@nestjs/common';
import { ApiJSONResponse, ResponsesModule } from 'nestjs-responses';
import { Puppy, puppies } from '../../support/puppy.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class PuppiesController {
  @Get()
  @ApiJSONResponse({ type: [Puppy] })
  puppies(): Puppy[] {
    return puppies();
  }
}

export default serveNest(PuppiesController, { imports: [ResponsesModule.forRoot()] });
