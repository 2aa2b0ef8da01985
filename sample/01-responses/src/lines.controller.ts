import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { ApiNDJSONResponse, NDJSONResponse } from 'nestjs-responses';
import { map, range, type Observable } from 'rxjs';

export class Square {
  @ApiProperty()
  i!: number;

  @ApiProperty()
  square!: number;
}

/** Sends the same lines of JSON twice: as an explicit response, and as an Observable from a declared route. */
@Controller('ndjson')
export class LinesController {
  @Get()
  @ApiOperation({ summary: 'Squares as lines of JSON' })
  @ApiNDJSONResponse({ type: Square })
  explicit(): NDJSONResponse<Square> {
    return new NDJSONResponse(squares());
  }

  @Get('observable')
  @ApiOperation({ summary: 'Squares as lines of JSON, from an Observable' })
  @ApiNDJSONResponse({ type: Square })
  observable(): Observable<Square> {
    return range(0, 50).pipe(map(squareOf));
  }
}

function* squares(): Generator<Square> {
  for (let i = 0; i < 50; i++) {
    yield squareOf(i);
  }
}

function squareOf(i: number): Square {
  return { i, square: i * i };
}
