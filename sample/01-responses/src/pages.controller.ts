import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HTMLTemplateResponse } from 'nestjs-responses';
import { puppies } from './puppies.js';
import { routes } from './routes.js';

/** Renders the templates in `templates/`, which share a layout and contain Vue markup. */
@Controller()
@ApiExcludeController()
export class PagesController {
  @Get()
  start(): HTMLTemplateResponse {
    return new HTMLTemplateResponse('start', { context: { routes } });
  }

  @Get('page')
  page(): HTMLTemplateResponse {
    return new HTMLTemplateResponse('page', { context: { puppies } });
  }
}
