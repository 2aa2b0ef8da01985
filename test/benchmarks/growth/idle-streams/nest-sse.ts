import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import { serveNest } from '../../support/serve-nest.js';

const news = new Subject<MessageEvent>();

@Controller()
class NewsController {
  @Sse()
  news(): Observable<MessageEvent> {
    return news;
  }
}

export default serveNest(NewsController);
