import { Controller, Get } from '@nestjs/common';
import { ResponsesModule, ServerSentEvent, ServerSentEventResponse } from 'nestjs-responses';
import { serveNest } from '../../support/serve-nest.js';
import { COUNT, square, type Square } from '../../support/squares.js';

@Controller()
class SquaresController {
  @Get()
  squares(): ServerSentEventResponse<ServerSentEvent<Square>> {
    return new ServerSentEventResponse(events());
  }
}

async function* events(): AsyncGenerator<ServerSentEvent<Square>> {
  for (let i = 0; i < COUNT; i++) {
    yield new ServerSentEvent({ id: i, data: square(i) });
  }
}

export default serveNest(SquaresController, { imports: [ResponsesModule.forRoot()] });
