import { Controller, Get, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { FileResponse, HTMLTemplateResponse } from 'nestjs-responses';
import { fileURLToPath } from 'node:url';
import { models } from './models.js';

/** The modules of an event stream parser for the browser, because its `EventSource` cannot POST. */
const PARSER = fileURLToPath(new URL('.', import.meta.resolve('eventsource-parser')));

@Controller()
@ApiExcludeController()
export class PageController {
  @Get()
  chat(): HTMLTemplateResponse {
    return new HTMLTemplateResponse('chat', { context: { models } });
  }

  @Get('eventsource-parser/:file')
  parser(@Param('file') file: string): FileResponse {
    return new FileResponse(file, { root: PARSER, contentDispositionType: 'inline' });
  }
}
