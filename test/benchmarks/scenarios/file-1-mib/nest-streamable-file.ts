import { Controller, Get, StreamableFile } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { FILE } from '../../support/file.js';
import { serveNest } from '../../support/serve-nest.js';

@Controller()
class FileController {
  @Get()
  file(): StreamableFile {
    return new StreamableFile(createReadStream(FILE));
  }
}

export default serveNest(FileController);
