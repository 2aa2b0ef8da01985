import {
  Body,
  Controller,
  Get,
  Param,
  ParseIntPipe,
  Post,
  Sse,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { map } from 'rxjs';
import { EnvelopeInterceptor } from '../envelope.interceptor.js';
import { PuppiesService } from '../puppies.service.js';
import { CreatePuppyDto, OwnerDto, PageDto, PuppyDto } from './puppies.dto.js';

@Controller('puppies')
export class PuppiesController {
  constructor(private readonly puppies: PuppiesService) {}

  @Get()
  @UseInterceptors(EnvelopeInterceptor)
  @ApiOkResponse({ type: PageDto })
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

  @Sse('events')
  events() {
    return this.puppies.watch().pipe(map((count) => ({ type: 'count', data: { count } })));
  }

  @Get(':id')
  @UseInterceptors(EnvelopeInterceptor)
  @ApiOkResponse({ type: PuppyDto })
  find(@Param('id', ParseIntPipe) id: number) {
    return this.puppies.find(id);
  }

  @Get(':id/owner')
  @UseInterceptors(EnvelopeInterceptor)
  @ApiOkResponse({ type: OwnerDto })
  owner(@Param('id', ParseIntPipe) id: number) {
    return this.puppies.find(id).owner;
  }

  @Post()
  @UseInterceptors(EnvelopeInterceptor)
  @ApiCreatedResponse({ type: PuppyDto })
  create(@Body() { name }: CreatePuppyDto) {
    return this.puppies.create(name);
  }
}
