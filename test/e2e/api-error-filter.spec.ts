import {
  BadRequestException,
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Injectable,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Res,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
  type CanActivate,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { APIErrorFilter, ApiNDJSONResponse, type Response } from '../../src/index.js';
import { platforms, start, type Platform, type StartOptions } from '../support/platforms.js';
import { LogCollector } from '../support/log-collector.js';

class PuppyAsleepException extends HttpException {
  constructor() {
    super('The puppy is asleep', 423);
  }
}

@Injectable()
class ClosedGuard implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException('Closed');
  }
}

@Injectable()
class FailingInterceptor implements NestInterceptor {
  intercept(): Observable<never> {
    return throwError(() => new Error('secret of the interceptor'));
  }
}

interface HeaderSetter {
  header(name: string, value: string): unknown;
}

@Controller()
class FailingController {
  @Get('string')
  string() {
    throw new PuppyAsleepException();
  }

  @Get('messages')
  messages() {
    throw new BadRequestException(['name is empty', 'age is negative']);
  }

  @Get('object')
  object() {
    throw new HttpException({ reason: 'quota', limit: 5 }, 429);
  }

  @Get('wrapped')
  wrapped() {
    throw new UnauthorizedException(new Error('secret of the database'));
  }

  @Get('unknown')
  unknown() {
    throw new Error('secret of the database');
  }

  @Get('thrown-text')
  thrownText() {
    throw 'secret text';
  }

  @Get('pipe/:id')
  pipe(@Param('id', ParseIntPipe) id: number) {
    return id;
  }

  @Get('guard')
  @UseGuards(ClosedGuard)
  guard() {
    return 'open';
  }

  @Get('interceptor')
  @UseInterceptors(FailingInterceptor)
  interceptor() {
    return 'fine';
  }

  @Get('stream')
  @ApiNDJSONResponse({ type: String })
  async stream(): Promise<Observable<string> | Response> {
    throw new NotFoundException('No such stream');
  }

  @Get('retry')
  retry(@Res({ passthrough: true }) response: HeaderSetter) {
    response.header('Retry-After', '120');
    response.header('WWW-Authenticate', 'Bearer');
    response.header('Allow', 'GET');
    response.header('Content-Range', 'bytes */10');
    throw new HttpException('Later', 503);
  }

  @Post('body')
  body(@Body() body: unknown) {
    return body;
  }
}

const cases: [path: string, status: number, detail: unknown, error: string | null][] = [
  ['/string', 423, 'The puppy is asleep', 'PuppyAsleepException'],
  ['/messages', 400, ['name is empty', 'age is negative'], 'BadRequestException'],
  ['/object', 429, { reason: 'quota', limit: 5 }, 'HttpException'],
  ['/wrapped', 401, 'Unauthorized', 'UnauthorizedException'],
  ['/unknown', 500, 'Internal Server Error', null],
  ['/thrown-text', 500, 'Internal Server Error', null],
  ['/pipe/x', 400, 'Validation failed (numeric string is expected)', 'BadRequestException'],
  ['/guard', 403, 'Closed', 'ForbiddenException'],
  ['/interceptor', 500, 'Internal Server Error', null],
  ['/stream', 404, 'No such stream', 'NotFoundException'],
  ['/missing', 404, 'Cannot GET /missing', 'NotFoundException'],
];

describe.each(platforms)('APIErrorFilter on $name', (platform: Platform) => {
  const startFailing = (options: Partial<StartOptions> = {}) =>
    start(platform, {
      controllers: [FailingController],
      responses: { errors: true },
      ...options,
    });

  it.each(cases)('answers %s with %i', async (path, status, detail, error) => {
    const { url } = await startFailing();
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ detail, error, status_code: status });
  });

  it('logs an unknown error with its stack, and an HttpException not at all', async () => {
    const logger = new LogCollector();
    const { url } = await startFailing({ application: { logger } });
    await fetch(`${url}/string`);
    expect(logger.entries).toEqual([]);
    await fetch(`${url}/unknown`);
    expect(logger.entries).toHaveLength(1);
    expect(logger.entries[0]).toMatch(/secret of the database[^]*at FailingController\.unknown/);
  });

  it('keeps the headers that belong to the answer', async () => {
    const { url } = await startFailing();
    const { headers } = await fetch(`${url}/retry`);
    expect(headers.get('retry-after')).toBe('120');
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(headers.get('allow')).toBe('GET');
    expect(headers.get('content-range')).toBe('bytes */10');
  });

  it('answers a body that the platform cannot read', async () => {
    const { url } = await startFailing();
    const send = (body: string) =>
      fetch(`${url}/body`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const malformed = await send('{');
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toMatchObject({ status_code: 400 });
    const large = await send(JSON.stringify('x'.repeat(2_000_000)));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ status_code: 413 });
  });

  it('answers an error of a middleware', async () => {
    const { url } = await startFailing({
      configure: (app) =>
        app.use((_request: unknown, _response: unknown, next: (error?: unknown) => void) =>
          next(new PuppyAsleepException()),
        ),
    });
    const response = await fetch(`${url}/string`);
    expect(response.status).toBe(423);
    expect(await response.json()).toEqual({
      detail: 'The puppy is asleep',
      error: 'PuppyAsleepException',
      status_code: 423,
    });
  });

  it('sends no body to HEAD', async () => {
    const { url } = await startFailing();
    const response = await fetch(`${url}/string`, { method: 'HEAD' });
    expect(response.status).toBe(423);
    expect(await response.text()).toBe('');
  });

  it('is installed by hand as well', async () => {
    const { url } = await start(platform, {
      controllers: [FailingController],
      configure: (app) => app.useGlobalFilters(new APIErrorFilter(app.get(HttpAdapterHost))),
    });
    const response = await fetch(`${url}/string`);
    expect(await response.json()).toMatchObject({ error: 'PuppyAsleepException' });
  });

  it('stays out of the way unless it is asked for', async () => {
    const { url } = await start(platform, { controllers: [FailingController] });
    const response = await fetch(`${url}/string`);
    expect(await response.json()).toEqual({ statusCode: 423, message: 'The puppy is asleep' });
  });
});
