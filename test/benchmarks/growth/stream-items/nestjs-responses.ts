import { Controller, Get } from '@nestjs/common';
import { ResponsesModule, ServerSentEvent, ServerSentEventResponse } from 'nestjs-responses';
import type { CountedStart } from '../../support/scenario.js';
import { serveNest } from '../../support/serve-nest.js';
import { square, type Square } from '../../support/squares.js';

const start: CountedStart = (platform, count) => {
  @Controller()
  class SquaresController {
    @Get()
    squares(): ServerSentEventResponse<ServerSentEvent<Square>> {
      return new ServerSentEventResponse(events(count));
    }
  }
  return serveNest(SquaresController, { imports: [ResponsesModule.forRoot()] })(platform);
};

async function* events(count: number): AsyncGenerator<ServerSentEvent<Square>> {
  for (let i = 0; i < count; i++) {
    yield new ServerSentEvent({ id: i, data: square(i) });
  }
}

export default start;
