import { Controller, Get } from '@nestjs/common';
import { ApiJSONResponse, ResponsesModule } from 'nestjs-responses';
import { Puppy, puppy } from '../../support/puppy.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class PuppyController {
  @Get()
  @ApiJSONResponse({ type: Puppy })
  puppy(): Puppy {
    return puppy();
  }
}

export default serveNest(PuppyController, { imports: [ResponsesModule.forRoot()] });
