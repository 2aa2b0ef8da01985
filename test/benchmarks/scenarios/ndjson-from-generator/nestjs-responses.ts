import { Controller, Get } from '@nestjs/common';
import { NDJSONResponse, ResponsesModule } from 'nestjs-responses';
import { serveNest } from '../../support/serve-nest.js';
import { squares, type Square } from '../../support/squares.js';

@Controller()
class SquaresController {
  @Get()
  squares(): NDJSONResponse<Square> {
    return new NDJSONResponse(squares());
  }
}

export default serveNest(SquaresController, { imports: [ResponsesModule.forRoot()] });
