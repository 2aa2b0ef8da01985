import { Controller, Get } from '@nestjs/common';
import { APIResponse, ResponsesModule } from 'nestjs-responses';
import { Puppy, puppy } from '../../support/puppy.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class PuppyController {
  @Get()
  puppy(): APIResponse<Puppy> {
    return new APIResponse(puppy(), { schema: Puppy });
  }
}

export default serveNest(PuppyController, { imports: [ResponsesModule.forRoot()] });
