import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { from, map, type Observable } from 'rxjs';
import { serveNest } from '../../support/serve-nest.js';
import { squares } from '../../support/squares.js';

@Controller()
class SquaresController {
  @Sse()
  squares(): Observable<MessageEvent> {
    return from(squares()).pipe(map((square) => ({ id: String(square.i), data: square })));
  }
}

export default serveNest(SquaresController);
