import { Controller, Get } from '@nestjs/common';
import { FileResponse, ResponsesModule } from 'nestjs-responses';
import { BYTES } from '../../support/file.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class BytesController {
  @Get()
  bytes(): FileResponse {
    return new FileResponse(BYTES);
  }
}

export default serveNest(BytesController, { imports: [ResponsesModule.forRoot()] });
