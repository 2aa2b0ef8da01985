import { Body, Controller, Get, Param, ParseIntPipe, Post, StreamableFile } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { ApiServerSentEventResponse, ServerSentEvent } from 'nestjs-responses';
import { PuppiesService } from '../puppies.service.js';
import { ApiEnvelope } from './api-envelope.decorator.js';
import { CountDto, CreatePuppyDto, OwnerDto, PageDto, PuppyDto } from './puppies.dto.js';

@Controller('puppies')
export class PuppiesController {
  constructor(private readonly puppies: PuppiesService) {}

  @Get()
  @ApiEnvelope(PageDto)
  list() {
    const items = this.puppies.list();
    return { items, total: items.length };
  }

  @Get('export')
  export() {
    return new StreamableFile(Buffer.from(JSON.stringify(this.puppies.list())), {
      type: 'application/json',
      disposition: 'attachment; filename="puppies.json"',
    });
  }

  @Get('events')
  @ApiServerSentEventResponse({ events: { count: CountDto } })
  events(): Observable<ServerSentEvent<CountDto, 'count'>> {
    return this.puppies
      .watch()
      .pipe(map((count) => new ServerSentEvent({ event: 'count' as const, data: { count } })));
  }

  @Get(':id')
  @ApiEnvelope(PuppyDto)
  find(@Param('id', ParseIntPipe) id: number) {
    return this.puppies.find(id);
  }

  @Get(':id/owner')
  @ApiEnvelope(OwnerDto)
  owner(@Param('id', ParseIntPipe) id: number) {
    return this.puppies.find(id).owner;
  }

  @Post()
  @ApiEnvelope(PuppyDto, 201)
  create(@Body() { name }: CreatePuppyDto) {
    return this.puppies.create(name);
  }
}
