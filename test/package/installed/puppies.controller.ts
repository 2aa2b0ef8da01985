import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  FileResponse,
  JSONResponse,
  LastEventId,
  NDJSONResponse,
  ServerSentEvent,
} from 'nestjs-responses';
import { map, range, type Observable } from 'rxjs';
import { PluginPuppy } from './puppy.dto.js';

export class Puppy {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;
}

@Controller()
export class PuppiesController {
  @Get('json')
  json(): JSONResponse<{ message: string }> {
    return new JSONResponse({ message: 'hello' });
  }

  @Get('puppy')
  @ApiOkResponse({ type: Puppy })
  puppy(): Puppy {
    const row = { id: 1, name: 'Rex', chip: 'left out' };
    return row;
  }

  /** Declared by swagger's CLI plugin, if it runs. */
  @Get('plugin')
  plugin(): PluginPuppy {
    const row = { id: 1, name: 'Rex', chip: 'left out' };
    return row;
  }

  @Get('puppies')
  @ApiNDJSONResponse({ type: Puppy })
  puppies(): Observable<Puppy> {
    return range(1, 2).pipe(map((id) => ({ id, name: `Rex ${id}` })));
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

  @Get('events')
  @ApiServerSentEventResponse({ events: { tick: Number } })
  events(@LastEventId() last = '0'): Observable<ServerSentEvent<number, 'tick'>> {
    return range(Number(last) + 1, 2).pipe(
      map((i) => new ServerSentEvent({ id: i, event: 'tick', data: i })),
    );
  }

  @Get('file')
  file(): FileResponse {
    return new FileResponse('package.json', { mediaType: 'application/octet-stream' });
  }
}
