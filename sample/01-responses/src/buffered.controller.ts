import { Controller, Get } from '@nestjs/common';
import { HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse } from 'nestjs-responses';

/** Answers that are sent as a whole. */
@Controller()
export class BufferedController {
  @Get('json')
  json(): JSONResponse {
    return new JSONResponse({ message: 'hello' });
  }

  @Get('text')
  text(): PlainTextResponse {
    return new PlainTextResponse('hello');
  }

  @Get('html')
  html(): HTMLResponse {
    return new HTMLResponse('<h1>hello</h1>');
  }

  @Get('old')
  old(): RedirectResponse {
    return new RedirectResponse('/new/');
  }

  @Get('new')
  new(): PlainTextResponse {
    return new PlainTextResponse('This is the new place.');
  }
}
