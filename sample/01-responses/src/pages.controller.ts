import { Controller, Get } from '@nestjs/common';
import { HTMLResponse } from 'nestjs-responses';
import { readFile } from 'node:fs/promises';

@Controller()
export class StartController {
  @Get()
  async start(): Promise<HTMLResponse> {
    return new HTMLResponse(
      await readFile(new URL('templates/start.html', import.meta.url), 'utf8'),
    );
  }
}
