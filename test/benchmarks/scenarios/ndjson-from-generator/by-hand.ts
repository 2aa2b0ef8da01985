import { Controller, Get, Res } from '@nestjs/common';
import { ResponsesModule } from 'nestjs-responses';
import { rawResponse, type PlatformResponse } from '../../support/raw-response.js';
import { serveNest } from '../../support/serve-nest.js';
import { writeSquareLines } from '../../support/write-squares.js';

@Controller()
class SquaresController {
  @Get()
  squares(@Res() response: PlatformResponse): Promise<void> {
    return writeSquareLines(rawResponse(response));
  }
}

export default serveNest(SquaresController, { imports: [ResponsesModule.forRoot()] });
