import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  JSONResponse,
  LastEventId,
  NDJSONResponse,
  ServerSentEvent,
} from 'nestjs-responses';
import { map, range, type Observable } from 'rxjs';

export class Square {
  @ApiProperty()
  i!: number;

  @ApiProperty()
  square!: number;
}

/** One route for each kind of response: a response, a declared value, lines and events. */
@Controller()
export class AppController {
  @Get('json')
  json(): JSONResponse<{ message: string }> {
    return new JSONResponse({ message: 'hello' });
  }

  @Get('square')
  @ApiOkResponse({ type: Square })
  square(): Square {
    const row = { i: 3, square: 9, secret: 'left out' };
    return row;
  }

  @Get('squares')
  @ApiNDJSONResponse({ type: Square })
  squares(): Observable<Square> {
    return range(1, 3).pipe(map((i) => ({ i, square: i * i })));
  }

  @Get('inline')
  inline(): NDJSONResponse<{ i: number }> {
    return new NDJSONResponse(
      new ReadableStream({
        start(controller) {
          controller.enqueue({ i: 1 });
          controller.close();
        },
      }),
    );
  }

  @Get('ticks')
  @ApiServerSentEventResponse({ events: { tick: Number } })
  ticks(@LastEventId() last = '0'): Observable<ServerSentEvent<number, 'tick'>> {
    return range(Number(last) + 1, 2).pipe(
      map((i) => new ServerSentEvent({ id: i, event: 'tick', data: i })),
    );
  }
}
