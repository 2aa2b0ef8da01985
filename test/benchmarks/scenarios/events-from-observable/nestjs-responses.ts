import { Controller, Get } from '@nestjs/common';
import { ResponsesModule, ServerSentEvent, ServerSentEventResponse } from 'nestjs-responses';
import { map, range } from 'rxjs';
import { serveNest } from '../../support/serve-nest.js';
import { COUNT, square, type Square } from '../../support/squares.js';

@Controller()
class SquaresController {
  @Get()
  squares(): ServerSentEventResponse<ServerSentEvent<Square>> {
    return new ServerSentEventResponse(
      range(0, COUNT).pipe(map((i) => new ServerSentEvent({ id: i, data: square(i) }))),
    );
  }
}

export default serveNest(SquaresController, { imports: [ResponsesModule.forRoot()] });
