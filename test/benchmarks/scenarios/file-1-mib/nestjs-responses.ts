import { Controller, Get } from '@nestjs/common';
import { FileResponse, ResponsesModule } from 'nestjs-responses';
import { FILE } from '../../support/file.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class FileController {
  @Get()
  file(): FileResponse {
    return new FileResponse(FILE);
  }
}

export default serveNest(FileController, { imports: [ResponsesModule.forRoot()] });
