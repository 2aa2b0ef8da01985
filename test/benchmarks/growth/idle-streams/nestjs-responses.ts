import { Controller, Get } from '@nestjs/common';
import { Subject } from 'rxjs';
import { ResponsesModule, ServerSentEvent, ServerSentEventResponse } from 'nestjs-responses';
import { serveNest } from '../../support/serve-nest.js';

const news = new Subject<ServerSentEvent>();

@Controller()
class NewsController {
  @Get()
  news(): ServerSentEventResponse<ServerSentEvent> {
    return new ServerSentEventResponse(news);
  }
}

export default serveNest(NewsController, { imports: [ResponsesModule.forRoot()] });
