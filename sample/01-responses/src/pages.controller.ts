import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { FileResponse, HTMLTemplateResponse } from 'nestjs-responses';
import { fileURLToPath } from 'node:url';
import { puppies } from './puppies.js';
import { routes } from './routes.js';

const vue = fileURLToPath(import.meta.resolve('vue/dist/vue.esm-browser.prod.js'));

/** Pages made of the templates in `templates/`, which share a layout and hold markup of Vue. */
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

  /** Vue itself, so that the pages need no network. */
  @Get('vue.js')
  vue(): FileResponse {
    return new FileResponse(vue, { contentDispositionType: 'inline' });
  }
}
