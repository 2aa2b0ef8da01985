import 'reflect-metadata';
import { Controller, Get, Res, Sse, type MessageEvent, type Type } from '@nestjs/common';
import { ResponsesModule, ServerSentEvent, ServerSentEventResponse } from 'nestjs-responses';
import { map, Subject, type Observable } from 'rxjs';
import { rawResponse, type PlatformResponse } from './raw-response.js';
import type { Platform } from './scenario.js';
import { serveNest } from './serve-nest.js';

interface Order {
  readonly order: number;
  readonly state: string;
}

const orders = new Subject<Order>();
// One event for all clients. Subscribed once, so that it is not created again for each of them.
const events = new Subject<ServerSentEvent<Order>>();
orders.pipe(map((data) => new ServerSentEvent({ id: data.order, data }))).subscribe(events);

@Controller()
class ResponsesController {
  @Get()
  orders(): ServerSentEventResponse<ServerSentEvent<Order>> {
    return new ServerSentEventResponse(events);
  }
}

@Controller()
class SseController {
  @Sse()
  orders(): Observable<MessageEvent> {
    return orders.pipe(map((data) => ({ id: String(data.order), data })));
  }
}

@Controller()
class ByHandController {
  @Get()
  orders(@Res() reply: PlatformResponse): void {
    const response = rawResponse(reply);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    const subscription = texts.subscribe((text) => response.write(text));
    response.on('close', () => subscription.unsubscribe());
  }
}

const texts = new Subject<string>();
orders.pipe(map((data) => `id: ${data.order}\ndata: ${JSON.stringify(data)}\n\n`)).subscribe(texts);

const CONTROLLERS: Readonly<Record<string, Type<object>>> = {
  'nestjs-responses': ResponsesController,
  'by-hand': ByHandController,
  'nest-sse': SseController,
};

/**
 * Serves one stream of events to all clients. The message "publish" of the parent process publishes an event. Any
 * other is answered with the CPU time of this process so far, in microseconds.
 */
const [variant, platform] = process.argv.slice(2) as [string, Platform];
const imports = variant === 'nest-sse' ? [] : [ResponsesModule.forRoot()];
const port = await serveNest(CONTROLLERS[variant] as Type<object>, { imports })(platform);

let published = 0;
process.on('message', (message) => {
  if (message === 'publish') {
    published += 1;
    orders.next({ order: published, state: 'x'.repeat(60) });
  } else {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  }
});
process.on('disconnect', () => process.exit());
process.send?.(port);
