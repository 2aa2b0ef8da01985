import { Controller, Get, Res } from '@nestjs/common';
import { Subject } from 'rxjs';
import { rawResponse, type PlatformResponse } from '../../support/raw-response.js';
import { serveNest } from '../../support/serve-nest.js';

/** The time between two heartbeats, in milliseconds. */
const HEARTBEAT = 15_000;

const news = new Subject<string>();

@Controller()
class NewsController {
  @Get()
  news(@Res() platform: PlatformResponse): void {
    const response = rawResponse(platform);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    const subscription = news.subscribe((text) => response.write(`data: ${text}\n\n`));
    const timer = setInterval(() => response.write(':\n\n'), HEARTBEAT);
    response.once('close', () => {
      subscription.unsubscribe();
      clearInterval(timer);
    });
  }
}

export default serveNest(NewsController);
