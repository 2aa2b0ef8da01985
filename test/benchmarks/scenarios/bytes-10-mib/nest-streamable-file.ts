import { Controller, Get, StreamableFile } from '@nestjs/common';
import { BYTES } from '../../support/file.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class BytesController {
  @Get()
  bytes(): StreamableFile {
    return new StreamableFile(BYTES);
  }
}

export default serveNest(BytesController);
