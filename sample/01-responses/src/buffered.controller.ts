import { Controller, Get, HttpCode } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import {
  ApiHTMLResponse,
  ApiJSONResponse,
  ApiPlainTextResponse,
  ApiRedirectResponse,
  EmptyResponse,
  HTMLResponse,
  JSONResponse,
  PlainTextResponse,
  RedirectResponse,
} from 'nestjs-responses';

export class Greeting {
  @ApiProperty()
  message!: string;
}

/** Responses that are sent as a whole. */
@Controller()
export class BufferedController {
  @Get('json')
  @ApiOperation({ summary: 'A greeting as JSON' })
  @ApiJSONResponse({ type: Greeting })
  json(): JSONResponse<Greeting> {
    return new JSONResponse({ message: 'hello' });
  }

  @Get('text')
  @ApiOperation({ summary: 'A greeting as plain text' })
  @ApiPlainTextResponse()
  text(): PlainTextResponse {
    return new PlainTextResponse('hello');
  }

  @Get('html')
  @ApiOperation({ summary: 'A greeting as a page' })
  @ApiHTMLResponse()
  html(): HTMLResponse {
    return new HTMLResponse('<h1>hello</h1>');
  }

  @Get('empty')
  @HttpCode(204)
  @ApiOperation({ summary: 'An empty response' })
  @ApiNoContentResponse()
  empty(): EmptyResponse {
    return new EmptyResponse();
  }

  @Get('old')
  @ApiOperation({ summary: 'A redirect to the new page' })
  @ApiRedirectResponse()
  old(): RedirectResponse {
    return new RedirectResponse('/new/');
  }

  @Get('new')
  @ApiOperation({ summary: 'The new page' })
  @ApiPlainTextResponse()
  new(): PlainTextResponse {
    return new PlainTextResponse('This is the new place.');
  }
}
