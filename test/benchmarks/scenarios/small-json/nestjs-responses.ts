import { Controller, Get } from '@nestjs/common';
import { JSONResponse, ResponsesModule } from 'nestjs-responses';
import { puppy, type Puppy } from '../../support/puppy.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class PuppyController {
  @Get()
  puppy(): JSONResponse<Puppy> {
    return new JSONResponse(puppy());
  }
}

export default serveNest(PuppyController, { imports: [ResponsesModule.forRoot()] });
