import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { from, map, type Observable } from 'rxjs';
import type { CountedStart } from '../../support/scenario.js';
import { serveNest } from '../../support/serve-nest.js';
import { squares } from '../../support/squares.js';

const start: CountedStart = (platform, count) => {
  @Controller()
  class SquaresController {
    @Sse()
    squares(): Observable<MessageEvent> {
      return from(squares(count)).pipe(map((square) => ({ id: String(square.i), data: square })));
    }
  }
  return serveNest(SquaresController)(platform);
};

export default start;
