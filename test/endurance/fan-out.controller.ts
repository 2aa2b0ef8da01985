import { Controller, Get, Sse, type MessageEvent } from '@nestjs/common';
import { finalize, defer, map, Subject, type Observable } from 'rxjs';
import { ServerSentEvent, ServerSentEventResponse, type Response } from '../../src/index.js';
import { held } from './held.js';

/** The data of an event. Counts how often it is encoded. */
class Tick {
  constructor(
    readonly i: number,
    readonly text = 'x'.repeat(60),
  ) {}

  toJSON(): object {
    held.encodings++;
    const { i, text } = this;
    return { i, text };
  }
}

const ticks = new Subject<Tick>();
const events = new Subject<ServerSentEvent>();
let count = 0;

/** Emits one event to all followers. */
export function publish(): void {
  const tick = new Tick(count++);
  ticks.next(tick);
  events.next(new ServerSentEvent({ event: 'tick', id: String(tick.i), data: tick }));
}

@Controller()
export class FanOutController {
  @Get('events')
  events(): Response {
    return new ServerSentEventResponse(counted(events));
  }

  /** The same work with Nest's own features. */
  @Sse('nest-events')
  nestEvents(): Observable<MessageEvent> {
    return counted(ticks.pipe(map((tick) => ({ type: 'tick', id: String(tick.i), data: tick }))));
  }
}

function counted<TItem>(items: Observable<TItem>): Observable<TItem> {
  return defer(() => {
    held.subscribers++;
    return items.pipe(finalize(() => held.subscribers--));
  });
}
