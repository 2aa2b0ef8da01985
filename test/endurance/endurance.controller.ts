import { Controller, Get, Param, Query } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { concat, NEVER, Observable, of } from 'rxjs';
import {
  DisconnectSignal,
  JSONResponse,
  NDJSONResponse,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import { deferred } from '../support/deferred.js';
import { held, hold } from './held.js';
import { sourceKinds, type SourcePlan } from './sources.js';

/** The number of lines that an endless Observable emits per turn, and their length. */
const LINES = 16;
const LINE_LENGTH = 1000;
const BURST = 1_000_000;

const finished = deferred();

/** Completes the background tasks. */
export const finishTasks = (): void => finished.resolve();

@Controller()
export class EnduranceController {
  /** Emits as long as it is subscribed to, even if nothing reads. No two lines are the same. */
  @Get()
  pushed(): Response {
    return new NDJSONResponse(
      new Observable((subscriber) => {
        const release = hold();
        let i = 0;
        let timer: NodeJS.Immediate;
        const emit = () => {
          for (let line = 0; line < LINES; line++) {
            // The engine stores non-Latin text with two bytes per character.
            subscriber.next(`${i++} €`.padEnd(LINE_LENGTH, 'x'));
          }
          held.lines += LINES;
          timer = setImmediate(emit);
        };
        emit();
        return () => {
          clearImmediate(timer);
          release();
        };
      }),
    );
  }

  @Get('burst')
  burst(): Response {
    return new NDJSONResponse(
      new Observable<number>((subscriber) => {
        for (let i = 0; i < BURST; i++) {
          subscriber.next(i);
        }
        subscriber.complete();
      }),
    );
  }

  @Get('endless')
  endless(): Response {
    return new NDJSONResponse(endless());
  }

  @Get('answer')
  answer(): Response {
    return new JSONResponse('answer');
  }

  /** Answers after timers have fired. */
  @Get('timers')
  async timers(): Promise<Response> {
    await setTimeout(1);
    await setTimeout(1);
    return new JSONResponse('timers');
  }

  /** Sends one event, then heartbeats. */
  @Get('quiet')
  quiet(@DisconnectSignal() signal: AbortSignal): Response {
    signal.addEventListener('abort', () => held.aborted++);
    return new ServerSentEventResponse(concat(of('first'), new Observable<string>(() => hold())));
  }

  /** Sends one line, then nothing. */
  @Get('silent')
  silent(): Response {
    return new NDJSONResponse(concat(of('first'), new Observable<string>(() => hold())));
  }

  /** Completes immediately, with a background task that runs until the parent completes it. */
  @Get('background')
  background(): Response {
    return new JSONResponse('answer', {
      background: async () => {
        await finished.promise;
        held.tasks++;
      },
    });
  }

  @Get('sources/:kind')
  source(
    @Param('kind') kind: string,
    @Query('items') items: string,
    @Query('fault') fault: SourcePlan['fault'],
    @DisconnectSignal() signal: AbortSignal,
  ): Response {
    signal.addEventListener('abort', () => held.aborted++);
    const plan = { items: Number(items), fault };
    const content = sourceKinds[kind]?.(plan) ?? NEVER;
    // Each kind of response fails in its own way.
    return plan.items % 2 === 0
      ? new NDJSONResponse(content)
      : new ServerSentEventResponse(content);
  }
}

function* endless(): Generator<string> {
  const release = hold();
  try {
    for (let i = 0; ; i++) {
      yield String(i).padEnd(LINE_LENGTH, 'x');
    }
  } finally {
    release();
  }
}
