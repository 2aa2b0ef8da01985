import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { ApiNegotiatedResponse } from 'nestjs-responses';
import { from, type Observable } from 'rxjs';
import { puppies } from './puppies.js';

class KennelPuppy {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  breed!: string;
}

/** The first one is sent to clients that accept anything. */
export const REPRESENTATIONS = [
  { mediaType: 'application/json', name: 'JSON' },
  { mediaType: 'application/x-ndjson', name: 'NDJSON' },
  { mediaType: 'text/event-stream', name: 'events' },
  { mediaType: 'text/csv', name: 'CSV' },
  { mediaType: 'application/vnd.msgpack', name: 'MessagePack' },
] as const;

const [json, lines, events, csv, packed] = REPRESENTATIONS;

/** One handler that answers in five media types. The notes of the puppies are not declared, so none of them sends them. */
@Controller('kennel')
export class RepresentationsController {
  @Get()
  @ApiOperation({ summary: 'Puppies in the media type that the client accepts' })
  @ApiNegotiatedResponse({
    type: [KennelPuppy],
    mediaTypes: [
      json.mediaType,
      lines.mediaType,
      events.mediaType,
      csv.mediaType,
      packed.mediaType,
    ],
  })
  list(): Observable<KennelPuppy> {
    return from(puppies);
  }
}
