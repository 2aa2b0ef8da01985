import { Controller, Get, Header } from '@nestjs/common';
import { serveNest } from '../../support/serve-nest.js';
import { COUNT, square, squareLine } from '../../support/squares.js';

@Controller()
class SquaresController {
  @Get()
  @Header('Content-Type', 'application/x-ndjson')
  async *squares(): AsyncGenerator<string> {
    for (let i = 0; i < COUNT; i++) {
      yield squareLine(square(i));
    }
  }
}

export default serveNest(SquaresController);
