import { Controller, Get, Res } from '@nestjs/common';
import { rawResponse, type PlatformResponse } from '../../support/raw-response.js';
import type { CountedStart } from '../../support/scenario.js';
import { serveNest } from '../../support/serve-nest.js';
import { writeSquareEvents } from '../../support/write-squares.js';

const start: CountedStart = (platform, count) => {
  @Controller()
  class SquaresController {
    @Get()
    squares(@Res() response: PlatformResponse): Promise<void> {
      return writeSquareEvents(rawResponse(response), count);
    }
  }
  return serveNest(SquaresController)(platform);
};

export default start;
