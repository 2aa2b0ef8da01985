import { Controller, Get } from '@nestjs/common';
import { HTMLResponse } from 'nestjs-responses';
import { readFile } from 'node:fs/promises';

@Controller()
export class PageController {
  @Get()
  async page(): Promise<HTMLResponse> {
    return new HTMLResponse(await readFile(new URL('page/index.html', import.meta.url), 'utf8'));
  }
}
