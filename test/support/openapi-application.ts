import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiProperty } from '@nestjs/swagger';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import { EMPTY, of, type Observable } from 'rxjs';
import * as v from 'valibot';
import { z } from 'zod';
import {
  ApiErrorResponse,
  ApiFileResponse,
  ApiHTMLResponse,
  ApiJSONResponse,
  ApiJSONRPCResponse,
  ApiNDJSONResponse,
  ApiPlainTextResponse,
  ApiRedirectResponse,
  ApiServerSentEventResponse,
  ApiStreamResponse,
  FileResponse,
  JSONRPCResponse,
  RedirectResponse,
  type ServerSentEvent,
} from '../../src/index.js';

export class Owner {
  @ApiProperty()
  name!: string;
}

export class Puppy {
  @ApiProperty({ type: 'integer' })
  id!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: () => Owner, nullable: true })
  owner!: Owner | null;
}

export class Tick {
  @ApiProperty()
  i!: number;
}

const puppy: Puppy = { id: 1, name: 'Rex', owner: { name: 'Ann' } };

export const zodCat = z
  .object({
    id: z.number().gt(0),
    kind: z.literal('cat'),
    born: z.date(),
    toy: z.string().nullable(),
  })
  .meta({ id: 'Cat' });
/** Another of the same name. */
export const zodOtherCat = z.object({ lives: z.int() }).meta({ id: 'Cat' });
/** One of the name of a class. */
export const zodPuppy = z.object({ woof: z.boolean() }).meta({ id: 'Puppy' });
/** One that holds itself. */
export const zodTree = z.object({
  name: z.string(),
  get children() {
    return z.array(zodTree);
  },
});
const catEntries = v.object({
  id: v.pipe(v.number(), v.gtValue(0)),
  toy: v.nullable(v.string()),
  born: v.date(),
});
export const valibotCat = toStandardJsonSchema(catEntries);
export const arktypeCat = type({
  id: 'number > 0',
  'toy?': 'string | null',
  kind: "'cat' | 'lion'",
});

/** Responses in JSON and text. */
@Controller('buffered')
@ApiErrorResponse()
@ApiErrorResponse({ status: 500 })
export class EveryBufferedController {
  @Get('puppy/:id')
  @ApiOperation({ summary: 'One puppy' })
  @ApiParam({ name: 'id', type: Number })
  @ApiJSONResponse({
    type: Puppy,
    description: 'The puppy.',
    headers: { 'X-Age': { description: 'Its age.', schema: { type: 'integer' } } },
    links: { all: { operationId: 'EveryBufferedController_puppies' } },
    example: puppy,
  })
  @ApiErrorResponse({ status: 404, description: 'The puppy does not exist.' })
  puppy(@Param('id') _id: number): Puppy {
    return puppy;
  }

  @Get('puppies')
  @ApiOperation({ summary: 'All puppies' })
  @ApiJSONResponse({
    type: [Puppy],
    examples: { none: { summary: 'No puppy', value: [] }, one: { value: [puppy] } },
  })
  puppies(): Puppy[] {
    return [puppy];
  }

  @Get('list')
  @ApiOperation({ summary: 'All puppies, told by isArray' })
  @ApiJSONResponse({ type: Puppy, isArray: true })
  list(): Observable<Puppy[]> {
    return of([puppy]);
  }

  @Get('maybe')
  @ApiOperation({ summary: 'A puppy, or none' })
  @ApiJSONResponse({ type: Puppy, nullable: true })
  maybe(): Puppy | null {
    return null;
  }

  @Post('name')
  @ApiOperation({ summary: 'A name' })
  @ApiJSONResponse({ type: String })
  name(): string {
    return 'Rex';
  }

  @Post('date')
  @HttpCode(202)
  @ApiOperation({ summary: 'A date' })
  @ApiJSONResponse({ type: Date, nullable: true })
  date(): Date | null {
    return null;
  }

  @Get('schema')
  @ApiOperation({ summary: 'By a schema object' })
  @ApiJSONResponse({
    schema: { type: 'object', properties: { a: { type: 'string', nullable: true } } },
  })
  schema(): unknown {
    return { a: null };
  }

  @Get('anything')
  @ApiOperation({ summary: 'Anything' })
  @ApiJSONResponse()
  anything(): unknown {
    return {};
  }

  @Get('zod')
  @ApiOperation({ summary: 'A cat of zod' })
  @ApiJSONResponse({ standardSchema: zodCat })
  zod(): z.input<typeof zodCat> {
    return { id: 1, kind: 'cat', born: new Date(0), toy: null };
  }

  @Get('zod/cats')
  @ApiOperation({ summary: 'Cats of zod' })
  @ApiJSONResponse({ standardSchema: z.array(zodCat) })
  zodCats(): z.input<typeof zodCat>[] {
    return [];
  }

  @Get('zod/other')
  @ApiOperation({ summary: 'Another cat of zod' })
  @ApiJSONResponse({ standardSchema: z.object({ cat: zodOtherCat, puppy: zodPuppy }) })
  zodOther(): { cat: z.input<typeof zodOtherCat>; puppy: z.input<typeof zodPuppy> } {
    return { cat: { lives: 9 }, puppy: { woof: true } };
  }

  @Get('zod/tree')
  @ApiOperation({ summary: 'A tree of zod' })
  @ApiJSONResponse({ standardSchema: zodTree })
  zodTree(): z.input<typeof zodTree> {
    return { name: 'root', children: [] };
  }

  @Get('valibot')
  @ApiOperation({ summary: 'A cat of valibot' })
  @ApiJSONResponse({ standardSchema: valibotCat })
  valibot(): v.InferInput<typeof catEntries> {
    return { id: 1, toy: null, born: new Date(0) };
  }

  @Get('arktype')
  @ApiOperation({ summary: 'A cat of ArkType' })
  @ApiJSONResponse({ standardSchema: arktypeCat })
  arktype(): typeof arktypeCat.inferIn {
    return { id: 1, kind: 'cat' };
  }

  @Get('text')
  @ApiOperation({ summary: 'Text' })
  @ApiPlainTextResponse({ example: 'hello' })
  text(): string {
    return 'hello';
  }

  @Get('html')
  @ApiOperation({ summary: 'A page' })
  @ApiHTMLResponse({ description: 'The page.' })
  html(): Promise<string> {
    return Promise.resolve('<h1>hello</h1>');
  }

  @Get('file')
  @ApiOperation({ summary: 'A file' })
  @ApiFileResponse({ mediaType: 'image/png' })
  file(): FileResponse {
    return new FileResponse('puppy.png');
  }

  @Get('old')
  @ApiOperation({ summary: 'Moved, for those who do not stay' })
  @ApiPlainTextResponse()
  @ApiRedirectResponse({ status: 308, headers: { 'X-Why': { schema: { type: 'string' } } } })
  old(): string | RedirectResponse {
    return new RedirectResponse('/new', { statusCode: 308 });
  }

  @Post('rpc')
  @ApiOperation({ summary: 'JSON-RPC' })
  @ApiJSONRPCResponse({ type: Puppy, nullable: true })
  rpc(): JSONRPCResponse<Puppy> {
    return new JSONRPCResponse({ result: puppy, id: 1 });
  }

  @Post('rpc/zod')
  @ApiOperation({ summary: 'JSON-RPC of zod' })
  @ApiJSONRPCResponse({ standardSchema: zodCat })
  rpcZod(): JSONRPCResponse {
    return new JSONRPCResponse({ result: 1, id: 1 });
  }
}

/** Responses that are sent item by item. */
@Controller('streamed')
@ApiErrorResponse()
@ApiErrorResponse({ status: 500 })
export class EveryStreamController {
  @Get('ndjson')
  @ApiOperation({ summary: 'Lines of puppies' })
  @ApiNDJSONResponse({ type: Puppy, description: 'A puppy a line.', example: puppy })
  ndjson(): Observable<Puppy> {
    return of(puppy);
  }

  @Get('ndjson/anything')
  @ApiOperation({ summary: 'Lines of anything' })
  @ApiNDJSONResponse()
  ndjsonAnything(): Observable<unknown> {
    return EMPTY;
  }

  @Post('ndjson/zod')
  @ApiOperation({ summary: 'Lines of cats of zod' })
  @ApiNDJSONResponse({ standardSchema: zodCat })
  ndjsonZod(): Observable<z.input<typeof zodCat>> {
    return EMPTY;
  }

  @Get('events')
  @ApiOperation({ summary: 'Events' })
  @ApiServerSentEventResponse({
    type: Tick,
    examples: { first: { summary: 'The first', value: { i: 0 } } },
  })
  events(): Observable<Tick> {
    return of({ i: 0 });
  }

  @Get('events/named')
  @ApiOperation({ summary: 'Named events' })
  @ApiServerSentEventResponse({ events: { tick: Tick, puppies: [Puppy], text: String, day: Date } })
  named(): Observable<
    | ServerSentEvent<Tick, 'tick'>
    | ServerSentEvent<Puppy[], 'puppies'>
    | ServerSentEvent<string, 'text'>
    | ServerSentEvent<Date, 'day'>
  > {
    return EMPTY;
  }

  @Get('events/one')
  @ApiOperation({ summary: 'One named event' })
  @ApiServerSentEventResponse({ events: { tick: Tick } })
  one(): Observable<ServerSentEvent<Tick, 'tick'>> {
    return EMPTY;
  }

  @Get('events/text')
  @ApiOperation({ summary: 'Events of text' })
  @ApiServerSentEventResponse({ type: String, example: 'hello' })
  text(): Observable<string> {
    return of('hello');
  }

  @Get('events/anything')
  @ApiOperation({ summary: 'Events of anything' })
  @ApiServerSentEventResponse()
  anything(): Observable<unknown> {
    return EMPTY;
  }

  @Get('both')
  @ApiOperation({ summary: 'Events or lines, as the client likes' })
  @ApiStreamResponse({ type: Tick, nullable: true, example: { i: 0 } })
  both(): Observable<Tick | null> {
    return of({ i: 0 });
  }

  @Get('both/zod')
  @ApiOperation({ summary: 'Events or lines of zod, as the client likes' })
  @ApiStreamResponse({ standardSchema: zodTree })
  bothZod(): Observable<z.input<typeof zodTree>> {
    return EMPTY;
  }

  @Get('swagger')
  @ApiOperation({ summary: "By swagger's own decorators" })
  @ApiOkResponse({ type: Tick })
  @ApiProduces('text/event-stream', 'application/jsonl')
  swagger(): Observable<Tick> {
    return of({ i: 0 });
  }
}

/** Swagger 12 accepts a Standard Schema in its own decorators. */
@Controller('swagger')
export class StandardSchemaController {
  @Get('zod')
  @ApiOperation({ summary: "A cat of zod by swagger's own decorator" })
  @ApiOkResponse({ standardSchema: zodCat })
  zodSwagger(): unknown {
    return {};
  }
}
