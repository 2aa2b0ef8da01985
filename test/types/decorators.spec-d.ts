import { ApiProperty } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { from, of, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  ApiFileResponse,
  ApiHTMLResponse,
  ApiJSONResponse,
  ApiNDJSONResponse,
  ApiNegotiatedResponse,
  ApiPlainTextResponse,
  ApiServerSentEventResponse,
  ApiStreamResponse,
  type FileResponse,
  JSONResponse,
  NDJSONResponse,
  ServerSentEvent,
  ServerSentEventResponse,
  type HandlerDecorator,
  type Response,
} from '../../src/index.js';

class Square {
  @ApiProperty()
  i!: number;

  @ApiProperty()
  square!: number;
}

class Done {
  @ApiProperty()
  total!: number;
}

const SQUARES: Square[] = [];
const squareSchema = z.object({
  i: z.number(),
  at: z.iso.datetime().transform((at) => new Date(at)),
});

describe('@ApiNDJSONResponse()', () => {
  it('accepts every source of the declared items, and promises of them', () => {
    class SquaresController {
      @ApiNDJSONResponse({ type: Square })
      observable(): Observable<Square> {
        return from(SQUARES);
      }

      @ApiNDJSONResponse({ type: Square })
      async promise(): Promise<Observable<Square>> {
        return from(SQUARES);
      }

      @ApiNDJSONResponse({ type: Square })
      async *asyncGenerator() {
        yield* SQUARES;
      }

      @ApiNDJSONResponse({ type: Square })
      *generator() {
        yield* SQUARES;
      }

      @ApiNDJSONResponse({ type: Square })
      array() {
        return SQUARES;
      }

      @ApiNDJSONResponse({ type: Square })
      readable() {
        return Readable.from(SQUARES);
      }

      @ApiNDJSONResponse({ type: Square })
      readableStream() {
        return ReadableStream.from<Square>(SQUARES);
      }

      @ApiNDJSONResponse({ type: Square })
      withParameters(_id: string, _limit?: number) {
        return of({ i: 1, square: 1, more: 'than declared' });
      }

      @ApiNDJSONResponse({ type: Square })
      private hidden() {
        return SQUARES;
      }

      use() {
        return this.hidden();
      }
    }
    expectTypeOf<SquaresController>().toBeObject();
  });

  it('accepts any response, and a union of accepted types', () => {
    class ResponsesController {
      @ApiNDJSONResponse({ type: Square })
      response() {
        return new JSONResponse('anything');
      }

      @ApiNDJSONResponse({ type: Square })
      async either(known: boolean) {
        return known ? from(SQUARES) : new NDJSONResponse(['no square']);
      }

      @ApiNDJSONResponse({ type: Square })
      asyncEither(known: boolean): Observable<Square> | Promise<Response> {
        return known ? from(SQUARES) : Promise.resolve(new JSONResponse(null));
      }
    }
    expectTypeOf<ResponsesController>().toBeObject();
  });

  it('rejects other items', () => {
    class WrongController {
      // @ts-expect-error -- streams names, not squares
      @ApiNDJSONResponse({ type: Square })
      names(): Observable<string> {
        return of('Ada');
      }

      // @ts-expect-error -- a promise of names
      @ApiNDJSONResponse({ type: Square })
      async promise() {
        return of('Ada');
      }

      // @ts-expect-error -- squares without their square
      @ApiNDJSONResponse({ type: Square })
      *partial() {
        yield { i: 1 };
      }

      // @ts-expect-error -- one square, not a stream of them
      @ApiNDJSONResponse({ type: Square })
      single(): Square {
        return { i: 1, square: 1 };
      }

      // @ts-expect-error -- a string is no stream
      @ApiNDJSONResponse()
      text() {
        return 'text';
      }

      // @ts-expect-error -- nothing at all
      @ApiNDJSONResponse({ type: Square })
      nothing() {}

      // @ts-expect-error -- arrays of squares, where squares are declared
      @ApiNDJSONResponse({ type: Square })
      arrays() {
        return of(SQUARES);
      }

      // @ts-expect-error -- perhaps nothing
      @ApiNDJSONResponse({ type: Square })
      perhaps(): Observable<Square> | undefined {
        return undefined;
      }
    }
    expectTypeOf<WrongController>().toBeObject();
  });

  it('knows arrays and primitives', () => {
    class PrimitivesController {
      @ApiNDJSONResponse({ type: [Square] })
      arrays() {
        return of(SQUARES);
      }

      @ApiNDJSONResponse({ type: String })
      strings() {
        return ['a'];
      }

      @ApiNDJSONResponse({ type: [Number] })
      numbers() {
        return of([1, 2]);
      }

      @ApiNDJSONResponse({ type: Date })
      dates() {
        return of(new Date());
      }

      @ApiNDJSONResponse({ type: Boolean })
      booleans() {
        return of(true);
      }

      // @ts-expect-error -- squares, where arrays of them are declared
      @ApiNDJSONResponse({ type: [Square] })
      squares() {
        return SQUARES;
      }

      // @ts-expect-error -- numbers, where strings are declared
      @ApiNDJSONResponse({ type: String })
      noStrings() {
        return [1];
      }
    }
    expectTypeOf<PrimitivesController>().toBeObject();
  });

  it('knows the input of a Standard Schema', () => {
    class SchemaController {
      @ApiNDJSONResponse({ standardSchema: squareSchema })
      inputs() {
        return of({ i: 1, at: '2026-01-01T00:00:00Z' });
      }

      // @ts-expect-error -- what the schema makes, not what it takes
      @ApiNDJSONResponse({ standardSchema: squareSchema })
      outputs() {
        return of({ i: 1, at: new Date() });
      }
    }
    expectTypeOf<SchemaController>().toBeObject();
  });

  it('accepts items of any type if none is declared, or with an OpenAPI schema', () => {
    class AnyController {
      @ApiNDJSONResponse()
      anything() {
        return of<unknown>(1);
      }

      @ApiNDJSONResponse({ schema: { type: 'string' }, description: 'Names' })
      described() {
        return ['a'];
      }

      @ApiNDJSONResponse({ status: 202, headers: { 'x-own': { schema: { type: 'string' } } } })
      withStatus() {
        return ['a'];
      }
    }
    expectTypeOf<AnyController>().toBeObject();
  });

  it('rejects unknown options, and any target but a method', () => {
    // @ts-expect-error -- events belong to event streams
    ApiNDJSONResponse({ events: { tick: Square } });
    // @ts-expect-error -- a type is a class
    ApiNDJSONResponse({ type: 'Square' });
    // @ts-expect-error -- an array of one class
    ApiNDJSONResponse({ type: [Square, Done] });
    // @ts-expect-error -- no decorator of classes
    @ApiNDJSONResponse()
    class DecoratedController {}
    expectTypeOf<DecoratedController>().toBeObject();
  });
});

describe('@ApiServerSentEventResponse()', () => {
  it('accepts data and events of the declared type', () => {
    class EventsController {
      @ApiServerSentEventResponse({ type: Square })
      data() {
        return from(SQUARES);
      }

      @ApiServerSentEventResponse({ type: Square })
      events() {
        return of(new ServerSentEvent({ data: { i: 1, square: 1 } }));
      }

      @ApiServerSentEventResponse({ type: Square })
      named() {
        return of(new ServerSentEvent({ event: 'square', id: '1', data: { i: 1, square: 1 } }));
      }

      @ApiServerSentEventResponse({ type: Square })
      *mixed() {
        yield new ServerSentEvent({ data: { i: 1, square: 1 } });
        yield { i: 2, square: 4 };
      }

      @ApiServerSentEventResponse({ type: Square })
      async response() {
        return new ServerSentEventResponse(['anything']);
      }

      @ApiServerSentEventResponse()
      anything() {
        return of('text', 1, new ServerSentEvent({ comment: 'any' }));
      }

      // @ts-expect-error -- data of another type
      @ApiServerSentEventResponse({ type: Square })
      otherData() {
        return of('text');
      }

      // @ts-expect-error -- events of another type
      @ApiServerSentEventResponse({ type: Square })
      otherEvents() {
        return of(new ServerSentEvent({ data: 'text' }));
      }
    }
    expectTypeOf<EventsController>().toBeObject();
  });

  it('accepts each named event with its own data', () => {
    class NamedController {
      @ApiServerSentEventResponse({ events: { square: Square, done: Done } })
      *events() {
        yield new ServerSentEvent({ event: 'square', data: { i: 1, square: 1 } });
        yield new ServerSentEvent({ event: 'done', data: { total: 1 } });
      }

      @ApiServerSentEventResponse({ events: { square: Square } })
      declared(): Observable<ServerSentEvent<Square, 'square'>> {
        return of(new ServerSentEvent({ event: 'square', data: { i: 1, square: 1 } }));
      }

      // @ts-expect-error -- an event that is not declared
      @ApiServerSentEventResponse({ events: { square: Square } })
      *undeclared() {
        yield new ServerSentEvent({ event: 'circle', data: { i: 1, square: 1 } });
      }

      // @ts-expect-error -- the data of the other event
      @ApiServerSentEventResponse({ events: { square: Square, done: Done } })
      *mixedUp() {
        yield new ServerSentEvent({ event: 'square', data: { total: 1 } });
      }

      // @ts-expect-error -- an event without a name
      @ApiServerSentEventResponse({ events: { square: Square } })
      *unnamed() {
        yield new ServerSentEvent({ data: { i: 1, square: 1 } });
      }

      // @ts-expect-error -- bare data
      @ApiServerSentEventResponse({ events: { square: Square } })
      bare() {
        return from(SQUARES);
      }
    }
    expectTypeOf<NamedController>().toBeObject();
  });

  it('combines with the other decorator if the items fit both', () => {
    class StackedController {
      @ApiServerSentEventResponse({ type: Square })
      @ApiNDJSONResponse({ type: Square })
      both() {
        return from(SQUARES);
      }

      @ApiServerSentEventResponse({ type: Square })
      // @ts-expect-error -- fits the one, not the other
      @ApiNDJSONResponse({ type: Done })
      one() {
        return from(SQUARES);
      }
    }
    expectTypeOf<StackedController>().toBeObject();
  });
});

describe('HandlerDecorator', () => {
  it('types a custom decorator', () => {
    const Squares = (): HandlerDecorator<Observable<Square> | Response> =>
      ApiNDJSONResponse({ type: Square });

    class OwnController {
      @Squares()
      squares() {
        return from(SQUARES);
      }

      // @ts-expect-error -- an array, where the own decorator asks for an Observable
      @Squares()
      array() {
        return SQUARES;
      }
    }
    expectTypeOf<OwnController>().toBeObject();
  });
});

class Owner {
  @ApiProperty()
  name!: string;
}

class Kennel {
  @ApiProperty()
  name!: string;

  @ApiProperty({ type: [Owner] })
  owners!: Owner[];

  private readonly cache = new Map<string, Owner>();

  find(name: string): Owner | undefined {
    return this.cache.get(name);
  }
}

describe('@ApiJSONResponse()', () => {
  it('accepts a readonly array, and a plain object for a class with methods', () => {
    class PlainController {
      @ApiJSONResponse({ type: [Square] })
      readonlyList(): readonly Square[] {
        return SQUARES;
      }

      @ApiJSONResponse({ type: Square, isArray: true })
      readonlyArray(): readonly Square[] {
        return SQUARES;
      }

      @ApiJSONResponse({ type: Kennel })
      plain() {
        return { name: 'Home', owners: [{ name: 'Ann' }] };
      }

      @ApiJSONResponse({ type: Kennel })
      async instance(): Promise<Kennel> {
        return Promise.resolve(new Kennel());
      }

      @ApiJSONResponse({ type: [Kennel] })
      list(): Observable<Kennel[]> {
        return of([]);
      }
    }
    expectTypeOf<PlainController>().toBeObject();
  });

  it('accepts several statuses with a type each', () => {
    class StatusesController {
      @ApiJSONResponse({ status: 200, type: Square })
      @ApiJSONResponse({ status: 202, type: Owner })
      either(known: boolean): Square | Owner {
        return known ? { i: 1, square: 1 } : { name: 'Ann' };
      }

      @ApiJSONResponse({ status: 200, type: Square })
      @ApiJSONResponse({ status: 202, type: Owner })
      async later(known: boolean): Promise<Square | Owner> {
        return Promise.resolve(known ? { i: 1, square: 1 } : { name: 'Ann' });
      }

      @ApiJSONResponse({ status: 200, type: Square })
      @ApiJSONResponse({ status: 202, type: Owner })
      observable(): Observable<Square | Owner> {
        return of({ name: 'Ann' });
      }

      @ApiJSONResponse({ status: 201, type: Square })
      response() {
        return new JSONResponse('anything');
      }
    }
    expectTypeOf<StatusesController>().toBeObject();
  });

  it('rejects values that are not declared', () => {
    class WrongController {
      // @ts-expect-error -- a kennel without its owners
      @ApiJSONResponse({ type: Kennel })
      partial() {
        return { name: 'Home' };
      }

      // @ts-expect-error -- owners without a name
      @ApiJSONResponse({ type: Kennel })
      deep() {
        return { name: 'Home', owners: [{ age: 4 }] };
      }

      // @ts-expect-error -- one square, not a list
      @ApiJSONResponse({ type: [Square] })
      single(): Square {
        return { i: 1, square: 1 };
      }

      // @ts-expect-error -- no status has an owner
      @ApiJSONResponse({ type: Square })
      undeclared(known: boolean): Square | Owner {
        return known ? { i: 1, square: 1 } : { name: 'Ann' };
      }

      // @ts-expect-error -- nothing of it is a square
      @ApiJSONResponse({ status: 200, type: Square })
      @ApiJSONResponse({ status: 202, type: Owner })
      never(): Owner {
        return { name: 'Ann' };
      }
    }
    expectTypeOf<WrongController>().toBeObject();
  });
});

describe('Decorators of one handler', () => {
  const job = { status: 202, type: Done } as const;
  const mediaTypes = ['application/json', 'text/csv'] as const;

  it('accept a union of what they declare, if each names its status', () => {
    class UnionsController {
      @ApiPlainTextResponse({ status: 200 })
      @ApiJSONResponse(job)
      text(): string | Done {
        return '';
      }

      @ApiPlainTextResponse({ status: 202 })
      @ApiJSONResponse({ status: 200, type: Square })
      async textLater(): Promise<Square | string> {
        return '';
      }

      @ApiHTMLResponse({ status: 200 })
      @ApiJSONResponse(job)
      html(): Observable<string> | Observable<Done> {
        return of('');
      }

      @ApiHTMLResponse({ status: 202 })
      @ApiPlainTextResponse({ status: 200 })
      texts(): string {
        return '';
      }

      @ApiNDJSONResponse({ status: 200, type: Square })
      @ApiJSONResponse(job)
      lines(): Observable<Square> | Done {
        return from(SQUARES);
      }

      @ApiNDJSONResponse({ status: 200, type: Square })
      @ApiJSONResponse({ status: 202, type: [Done] })
      linesOrList(): Observable<Square> | Done[] {
        return from(SQUARES);
      }

      @ApiServerSentEventResponse({ status: 200, type: Square })
      @ApiJSONResponse(job)
      async events(): Promise<AsyncIterable<Square> | Done> {
        return { total: 1 };
      }

      @ApiServerSentEventResponse({ status: 200, events: { square: Square } })
      @ApiPlainTextResponse({ status: 202 })
      named(): Observable<ServerSentEvent<Square, 'square'>> | string {
        return '';
      }

      @ApiStreamResponse({ status: 200, type: Square })
      @ApiJSONResponse(job)
      stream(): Observable<Square> | Done {
        return from(SQUARES);
      }

      @ApiStreamResponse({ status: 202, type: Square })
      @ApiJSONResponse({ status: 200, type: Done })
      streamLater(): Observable<Square> | Done {
        return from(SQUARES);
      }

      @ApiNegotiatedResponse({ status: 200, type: [Square], mediaTypes })
      @ApiPlainTextResponse({ status: 202 })
      negotiated(): Square[] | string {
        return SQUARES;
      }

      @ApiNegotiatedResponse({ status: 200, type: [Square], mediaTypes })
      @ApiJSONResponse(job)
      negotiatedOrJob(): Square[] | Done {
        return SQUARES;
      }

      @ApiFileResponse()
      @ApiJSONResponse(job)
      file(): FileResponse | JSONResponse {
        return new JSONResponse({ total: 1 });
      }

      @ApiPlainTextResponse()
      untyped(): ReturnType<typeof JSON.parse> {}

      @ApiPlainTextResponse({ status: 200 })
      throws(): never {
        throw new Error('gone');
      }
    }
    expectTypeOf<UnionsController>().toBeObject();
  });

  it('reject parts that no other decorator declares', () => {
    class WrongController {
      // @ts-expect-error -- perhaps nothing, and no status
      @ApiPlainTextResponse()
      @ApiJSONResponse(job)
      perhaps(): string | Done | undefined {
        return '';
      }

      // @ts-expect-error -- a value that nothing declares
      @ApiPlainTextResponse()
      value(): string | Done {
        return '';
      }

      // @ts-expect-error -- a number is not text
      @ApiPlainTextResponse()
      number(): string | number {
        return '';
      }

      // @ts-expect-error -- nothing of it is text
      @ApiPlainTextResponse({ status: 200 })
      @ApiJSONResponse(job)
      never(): Done {
        return { total: 1 };
      }

      // @ts-expect-error -- nothing of it is an event
      @ApiServerSentEventResponse({ type: Square })
      @ApiJSONResponse(job)
      noStream(): Done {
        return { total: 1 };
      }

      // @ts-expect-error -- a stream of other items
      @ApiNDJSONResponse({ type: Square })
      @ApiJSONResponse(job)
      otherItems(): Observable<Square> | Observable<string> | Done {
        return of('');
      }

      // @ts-expect-error -- a value of another type
      @ApiJSONResponse({ type: Square })
      @ApiPlainTextResponse({ status: 202 })
      otherValue(): Square | string | Done {
        return '';
      }

      // @ts-expect-error -- an Observable that also emits other values
      @ApiJSONResponse({ type: Square })
      otherValues(): Observable<Square | Done> {
        return of({ total: 1 });
      }

      // @ts-expect-error -- the path of a file
      @ApiFileResponse()
      @ApiPlainTextResponse({ status: 202 })
      path(): string {
        return 'a.txt';
      }
    }
    expectTypeOf<WrongController>().toBeObject();
  });
});
