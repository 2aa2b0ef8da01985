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

/** Clients that accept anything get the first one. */
export const REPRESENTATIONS = [
  { mediaType: 'application/json', name: 'JSON' },
  { mediaType: 'application/x-ndjson', name: 'NDJSON' },
  { mediaType: 'text/event-stream', name: 'events' },
  { mediaType: 'text/csv', name: 'CSV' },
  { mediaType: 'application/vnd.msgpack', name: 'MessagePack' },
] as const;

const [json, lines, events, csv, packed] = REPRESENTATIONS;

/** One handler, five media types. The notes of the puppies are not declared, so none of them includes the notes. */
@Controller('kennel')
export class RepresentationsController {
  @Get()
  @ApiOperation({ summary: 'Puppies in a media type that the client accepts' })
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
