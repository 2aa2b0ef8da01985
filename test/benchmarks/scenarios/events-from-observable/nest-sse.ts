import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { map, range, type Observable } from 'rxjs';
import { serveNest } from '../../support/serve-nest.js';
import { COUNT, square } from '../../support/squares.js';

@Controller()
class SquaresController {
  @Sse()
  squares(): Observable<MessageEvent> {
    return range(0, COUNT).pipe(map((i) => ({ id: String(i), data: square(i) })));
  }
}

export default serveNest(SquaresController);
