import { Controller, Get, Res } from '@nestjs/common';
import { map, range } from 'rxjs';
import { ResponsesModule } from 'nestjs-responses';
import { rawResponse, type PlatformResponse } from '../../support/raw-response.js';
import { serveNest } from '../../support/serve-nest.js';
import { COUNT, square, squareEvent, WRITE_LENGTH } from '../../support/squares.js';

@Controller()
class SquaresController {
  @Get()
  squares(@Res() platform: PlatformResponse): void {
    const response = rawResponse(platform);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    let text = '';
    range(0, COUNT)
      .pipe(map(square))
      .subscribe({
        next: (value) => {
          text += squareEvent(value);
          if (text.length >= WRITE_LENGTH) {
            response.write(text);
            text = '';
          }
        },
        complete: () => response.end(text),
      });
  }
}

export default serveNest(SquaresController, { imports: [ResponsesModule.forRoot()] });
