import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  ApiServerSentEventResponse,
  LastEventId,
  ServerSentEvent,
  ServerSentEventResponse,
} from 'nestjs-responses';
import { setTimeout } from 'node:timers/promises';
import { concatMap, map, of, take, timer, type Observable } from 'rxjs';

type Tick = ServerSentEvent<number, 'tick'>;
type Heartbeat = ServerSentEvent<never, never>;

/** The time between two ticks, in milliseconds, so that you can watch them arrive one by one. */
const PAUSE = 100;

/** Sends each event stream twice: as an explicit response, and as an Observable from a declared route. */
@Controller('sse')
export class EventsController {
  /** 50 ticks, with a heartbeat before every tenth. */
  @Get()
  @ApiOperation({ summary: 'Ticks, with heartbeats' })
  @ApiServerSentEventResponse({ events: { tick: Number } })
  explicit(): ServerSentEventResponse {
    return new ServerSentEventResponse(ticksWithHeartbeats());
  }

  @Get('observable')
  @ApiOperation({ summary: 'Ticks, with heartbeats, from an Observable' })
  @ApiServerSentEventResponse({ events: { tick: Number } })
  observable(): Observable<Tick | Heartbeat> {
    return timer(0, PAUSE).pipe(
      take(50),
      concatMap((i) => (i % 10 === 0 ? of(heartbeat(), tick(i)) : of(tick(i)))),
    );
  }

  /** Sends five ticks, starting after the last one that the client has received. */
  @Get('resume')
  @ApiOperation({ summary: 'Ticks after the last one received' })
  @ApiServerSentEventResponse({ events: { tick: Number } })
  resume(@LastEventId() last?: string): ServerSentEventResponse {
    return new ServerSentEventResponse(fiveTicks(tickAfter(last)));
  }

  @Get('resume/observable')
  @ApiOperation({ summary: 'Ticks after the last one received, from an Observable' })
  @ApiServerSentEventResponse({ events: { tick: Number } })
  resumeObservable(@LastEventId() last?: string): Observable<Tick> {
    const first = tickAfter(last);
    return timer(0, PAUSE).pipe(
      take(5),
      map((i) => tick(first + i)),
    );
  }
}

async function* ticksWithHeartbeats(): AsyncGenerator<Tick | Heartbeat> {
  for (let i = 0; i < 50; i++) {
    if (i % 10 === 0) {
      yield heartbeat();
    }
    yield tick(i);
    await setTimeout(PAUSE);
  }
}

async function* fiveTicks(first: number): AsyncGenerator<Tick> {
  for (let i = first; i < first + 5; i++) {
    yield tick(i);
    await setTimeout(PAUSE);
  }
}

function tick(i: number): Tick {
  return new ServerSentEvent({ id: i, event: 'tick', data: i });
}

function heartbeat(): Heartbeat {
  return new ServerSentEvent<never, never>({ comment: 'heartbeat' });
}

/** Returns the number of the tick after an event id, or the first one for an unknown id. */
function tickAfter(last: string | undefined): number {
  return last !== undefined && /^\d{1,9}$/.test(last) ? Number(last) + 1 : 0;
}
