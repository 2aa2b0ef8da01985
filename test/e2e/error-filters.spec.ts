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
  ServiceUnavailableException,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  type CanActivate,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Min, ValidateNested, type ValidationError } from 'class-validator';
import { createZodDto, ZodValidationPipe } from 'nestjs-zod';
import { z } from 'zod';
import { throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  APIErrorFilter,
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  ProblemFilter,
  type Response,
} from '../../src/index.js';
import { platforms, start, type Platform, type StartOptions } from '../support/platforms.js';
import { LogCollector } from '../support/log-collector.js';
import { expectProblem } from '../support/problems.js';
import { send as request } from '../support/send.js';

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

class Owner {
  @IsString({ message: 'every owner has a name' })
  name!: string;
}

class Puppy {
  @IsInt()
  @Min(0)
  age!: number;

  @ValidateNested({ each: true })
  @Type(() => Owner)
  owners!: Owner[];
}

class ZodPuppy extends createZodDto(
  z.object({ 'a/b~c': z.array(z.object({ name: z.string('no name') })) }),
) {}

class Tick {
  @ApiProperty()
  n!: number;
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

  @Get('code')
  code() {
    throw new BadRequestException({ message: 'No credit', errorCode: 'E42', balance: 30 });
  }

  @Get('collision')
  collision() {
    throw new HttpException({ message: 'Taken', detail: 7, error: 'x', status_code: 1 }, 409);
  }

  @Get('phrase')
  phrase() {
    throw new NotFoundException();
  }

  @Get('problem')
  problem() {
    const type = 'https://example.com/no-credit';
    const detail = 'Your balance is 30.';
    throw new ForbiddenException({
      type,
      title: 'No credit',
      detail,
      instance: '/a/1',
      balance: 30,
    });
  }

  @Get('relative')
  relative() {
    throw new ForbiddenException({
      type: '/problems/credit',
      title: 5,
      instance: 'no uri',
      status: 1,
    });
  }

  @Get('markup')
  markup() {
    throw new BadRequestException('<script>alert(1)</script>');
  }

  @Get('status/:status')
  status(@Param('status') status: string) {
    const statuses: Record<string, unknown> = { nan: NaN, text: 'abc', digits: '404' };
    throw new HttpException('Odd', (statuses[status] ?? Number(status)) as number);
  }

  @Post('puppy')
  @UsePipes(new ValidationPipe())
  puppy(@Body() puppy: Puppy) {
    return puppy;
  }

  @Post('puppy/errors')
  @UsePipes(
    new ValidationPipe({
      exceptionFactory: (errors: ValidationError[]) => new BadRequestException(errors),
    }),
  )
  puppyErrors(@Body() puppy: Puppy) {
    return puppy;
  }

  @Post('puppy/zod')
  @UsePipes(ZodValidationPipe)
  zodPuppy(@Body() puppy: ZodPuppy) {
    return puppy;
  }

  @Get('events')
  @ApiServerSentEventResponse({ type: Tick })
  events(): Observable<Tick> {
    return throwError(() => new ServiceUnavailableException({ message: 'Later', errorCode: 'E1' }));
  }

  @Get('events/unknown')
  @ApiServerSentEventResponse({ type: Tick })
  unknownEvents(): Observable<Tick> {
    return throwError(() => new Error('secret of the source'));
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

interface Answer {
  readonly status: number;
  readonly api: readonly [detail: unknown, error: string | null, extensions?: object];
  readonly problem: object;
  readonly post?: unknown;
}

const cases: readonly (readonly [path: string, answer: Answer])[] = [
  [
    'string',
    {
      status: 423,
      api: ['The puppy is asleep', 'PuppyAsleepException'],
      problem: { title: 'Locked', detail: 'The puppy is asleep' },
    },
  ],
  [
    'messages',
    {
      status: 400,
      api: [['name is empty', 'age is negative'], 'BadRequestException'],
      problem: {
        title: 'Bad Request',
        errors: [{ detail: 'name is empty' }, { detail: 'age is negative' }],
      },
    },
  ],
  [
    'object',
    {
      status: 429,
      api: [{ reason: 'quota', limit: 5 }, 'HttpException'],
      problem: { title: 'Too Many Requests', reason: 'quota', limit: 5 },
    },
  ],
  [
    'code',
    {
      status: 400,
      api: ['No credit', 'BadRequestException', { errorCode: 'E42', balance: 30 }],
      problem: { title: 'Bad Request', detail: 'No credit', errorCode: 'E42', balance: 30 },
    },
  ],
  [
    'collision',
    {
      status: 409,
      api: ['Taken', 'HttpException'],
      problem: { title: 'Conflict', detail: 'Taken', error: 'x', status_code: 1 },
    },
  ],
  [
    'phrase',
    { status: 404, api: ['Not Found', 'NotFoundException'], problem: { title: 'Not Found' } },
  ],
  [
    'problem',
    {
      status: 403,
      api: [
        {
          type: 'https://example.com/no-credit',
          title: 'No credit',
          detail: 'Your balance is 30.',
          instance: '/a/1',
          balance: 30,
        },
        'ForbiddenException',
      ],
      problem: {
        type: 'https://example.com/no-credit',
        title: 'No credit',
        detail: 'Your balance is 30.',
        instance: '/a/1',
        balance: 30,
      },
    },
  ],
  [
    'relative',
    {
      status: 403,
      api: [
        { type: '/problems/credit', title: 5, instance: 'no uri', status: 1 },
        'ForbiddenException',
      ],
      problem: { type: '/problems/credit', title: 'Forbidden' },
    },
  ],
  [
    'wrapped',
    {
      status: 401,
      api: ['Unauthorized', 'UnauthorizedException'],
      problem: { title: 'Unauthorized' },
    },
  ],
  ...['unknown', 'thrown-text', 'interceptor'].map((path): [string, Answer] => [
    path,
    {
      status: 500,
      api: ['Internal Server Error', null],
      problem: { title: 'Internal Server Error' },
    },
  ]),
  ...['nan', '0', '99', '600', 'text', 'digits'].map((status): [string, Answer] => [
    `status/${status}`,
    {
      status: 500,
      api: ['Odd', 'HttpException'],
      problem: { title: 'Internal Server Error', detail: 'Odd' },
    },
  ]),
  [
    'pipe/x',
    {
      status: 400,
      api: ['Validation failed (numeric string is expected)', 'BadRequestException'],
      problem: { title: 'Bad Request', detail: 'Validation failed (numeric string is expected)' },
    },
  ],
  [
    'guard',
    {
      status: 403,
      api: ['Closed', 'ForbiddenException'],
      problem: { title: 'Forbidden', detail: 'Closed' },
    },
  ],
  [
    'stream',
    {
      status: 404,
      api: ['No such stream', 'NotFoundException'],
      problem: { title: 'Not Found', detail: 'No such stream' },
    },
  ],
  [
    'missing?token=secret',
    {
      status: 404,
      api: ['Cannot GET /missing?token=secret', 'NotFoundException'],
      problem: { title: 'Not Found', detail: 'Cannot GET /missing?token=secret' },
    },
  ],
  [
    'puppy',
    {
      post: { age: -1, owners: [{ name: 1 }] },
      status: 400,
      api: [
        ['age must not be less than 0', 'owners.0.every owner has a name'],
        'BadRequestException',
      ],
      problem: {
        title: 'Bad Request',
        errors: [
          { detail: 'age must not be less than 0' },
          { detail: 'owners.0.every owner has a name' },
        ],
      },
    },
  ],
  [
    'puppy/zod',
    {
      post: { 'a/b~c': [{}] },
      status: 400,
      api: [
        'Validation failed',
        'ZodValidationException',
        {
          errors: [
            {
              code: 'invalid_type',
              expected: 'string',
              path: ['a/b~c', 0, 'name'],
              message: 'no name',
            },
          ],
        },
      ],
      problem: {
        title: 'Bad Request',
        detail: 'Validation failed',
        errors: [{ detail: 'no name', pointer: '#/a~1b~0c/0/name', code: 'invalid_type' }],
      },
    },
  ],
];

const asAPIError = ({ status, api: [detail, error, extensions] }: Answer) => ({
  detail,
  error,
  status_code: status,
  ...extensions,
});
const asProblem = ({ status, problem }: Answer) => ({ type: 'about:blank', status, ...problem });

const filters = [
  {
    name: 'APIErrorFilter',
    errors: true,
    filter: APIErrorFilter,
    mediaType: 'application/json',
    bodyOf: asAPIError,
    status: 'status_code',
  },
  {
    name: 'ProblemFilter',
    errors: 'problem',
    filter: ProblemFilter,
    mediaType: 'application/problem+json',
    bodyOf: asProblem,
    status: 'status',
  },
] as const;

const both = platforms.flatMap((platform) =>
  filters.map((form) => ({ ...form, platform, title: `${form.name} on ${platform.name}` })),
);

describe.each(both)('$title', ({ platform, errors, filter, mediaType, bodyOf, status: member }) => {
  const startFailing = (options: Partial<StartOptions> = {}) =>
    start(platform, { controllers: [FailingController], responses: { errors }, ...options });
  const asleep = cases[0]![1];
  const check = (body: unknown) => errors === 'problem' && expectProblem(body);

  it.each(cases)('answers /%s', async (path, answer) => {
    const { url } = await startFailing();
    const response = await request(`${url}/${path}`, {
      // Errors are not negotiated.
      headers: {
        accept: 'application/xml',
        ...(answer.post !== undefined && { 'content-type': 'application/json' }),
      },
      ...(answer.post !== undefined && { method: 'POST', body: JSON.stringify(answer.post) }),
    });
    expect(response.status).toBe(answer.status);
    expect(response.headers['content-type']).toBe(mediaType);
    const body: unknown = JSON.parse(response.body);
    expect(body).toEqual(bodyOf(answer));
    check(body);
  });

  it.each(['nan', '99', 'text'])('logs an HttpException of status %s', async (status) => {
    const logger = new LogCollector();
    const { url } = await startFailing({ application: { logger } });
    await fetch(`${url}/status/${status}`);
    expect(logger.entries).toHaveLength(1);
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

  it('keeps the headers that belong to the response', async () => {
    const { url } = await startFailing();
    const { headers } = await fetch(`${url}/retry`);
    expect(headers.get('retry-after')).toBe('120');
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(headers.get('allow')).toBe('GET');
    expect(headers.get('content-range')).toBe('bytes */10');
  });

  it.each([
    ['malformed', '{', 400],
    ['too large', JSON.stringify('x'.repeat(2_000_000)), 413],
  ])('answers a body that is %s', async (_, body, status) => {
    const { url } = await startFailing();
    const response = await fetch(`${url}/body`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(mediaType);
    const answer: unknown = await response.json();
    expect(answer).toMatchObject({ [member]: status });
    check(answer);
  });

  it('answers an error of middleware', async () => {
    const { url } = await startFailing({
      configure: (app) =>
        app.use((_request: unknown, _response: unknown, next: (error?: unknown) => void) =>
          next(new PuppyAsleepException()),
        ),
    });
    const response = await fetch(`${url}/string`);
    expect(response.status).toBe(423);
    expect(await response.json()).toEqual(bodyOf(asleep));
  });

  it('sends no body to HEAD', async () => {
    const { url } = await startFailing();
    const response = await fetch(`${url}/string`, { method: 'HEAD' });
    expect(response.status).toBe(423);
    expect(response.headers.get('content-type')).toBe(mediaType);
    expect(await response.text()).toBe('');
  });

  it.each<[string, Answer]>([
    [
      'events',
      {
        status: 503,
        api: ['Later', 'ServiceUnavailableException', { errorCode: 'E1' }],
        problem: { title: 'Service Unavailable', detail: 'Later', errorCode: 'E1' },
      },
    ],
    [
      'events/unknown',
      {
        status: 500,
        api: ['Internal Server Error', null],
        problem: { title: 'Internal Server Error' },
      },
    ],
  ])('is the form of the event "error" of /%s', async (path, answer) => {
    const { url } = await startFailing();
    const text = await (await fetch(`${url}/${path}`)).text();
    const [, data = ''] = /^event: error\ndata: (.*)\n\n$/.exec(text) ?? [];
    expect(JSON.parse(data)).toEqual(bodyOf(answer));
    check(JSON.parse(data));
  });

  it('works without the option', async () => {
    const { url } = await start(platform, {
      controllers: [FailingController],
      configure: (app) => app.useGlobalFilters(new filter(app.get(HttpAdapterHost))),
    });
    const response = await fetch(`${url}/string`);
    expect(await response.json()).toEqual(bodyOf(asleep));
  });
});

describe.each(platforms)('Errors on $name', (platform: Platform) => {
  it('point to values if class-validator returns its errors', async () => {
    const { url } = await start(platform, {
      controllers: [FailingController],
      responses: { errors: 'problem' },
    });
    const response = await fetch(`${url}/puppy/errors`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ age: -1, owners: [{ name: 1 }] }),
    });
    const body: unknown = await response.json();
    expectProblem(body);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      errors: [
        { detail: 'age must not be less than 0', pointer: '#/age', code: 'min' },
        { detail: 'every owner has a name', pointer: '#/owners/0/name', code: 'isString' },
      ],
    });
  });

  it('are left to Nest by default', async () => {
    const { url } = await start(platform, { controllers: [FailingController] });
    const response = await fetch(`${url}/string`);
    expect(await response.json()).toEqual({ statusCode: 423, message: 'The puppy is asleep' });
  });
});
