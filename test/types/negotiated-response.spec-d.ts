import { Readable } from 'node:stream';
import { from, of, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  ApiNegotiatedResponse,
  ApiServerSentEventResponse,
  BufferedResponse,
  JSONResponse,
  ServerSentEvent,
  StreamingResponse,
  type RepresentationOptions,
  type Response,
  type ResponseClass,
  type StreamContent,
} from '../../src/index.js';

class Puppy {
  name!: string;
}

const PUPPIES: Puppy[] = [{ name: 'Rex' }];
const mediaTypes = ['application/json', 'text/csv'] as const;
const puppySchema = z.object({ name: z.string() });

describe('@ApiNegotiatedResponse()', () => {
  it('of a list fits an array and any source of its items', () => {
    class Puppies {
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes })
      array(): Puppy[] {
        return PUPPIES;
      }

      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes })
      async promise(): Promise<Observable<Puppy>> {
        return from(PUPPIES);
      }

      @ApiNegotiatedResponse({ type: Puppy, isArray: true, mediaTypes })
      async *generator() {
        yield* PUPPIES;
      }

      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes })
      readable() {
        return Readable.from(PUPPIES);
      }

      @ApiNegotiatedResponse({ standardSchema: z.array(puppySchema), mediaTypes })
      standard(): Observable<Puppy> {
        return from(PUPPIES);
      }

      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes })
      response(): Response {
        return new JSONResponse(PUPPIES);
      }

      // @ts-expect-error -- an Observable of another item
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes })
      others() {
        return of({ title: 'Rex' });
      }

      // @ts-expect-error -- a single item
      @ApiNegotiatedResponse({ type: [Puppy], mediaTypes })
      single(): Puppy {
        return { name: 'Rex' };
      }

      // @ts-expect-error -- items that do not conform to the Standard Schema
      @ApiNegotiatedResponse({ standardSchema: z.array(puppySchema), mediaTypes })
      standardOthers() {
        return [{ name: 1 }];
      }
    }
    expectTypeOf(new Puppies().array()).toEqualTypeOf<Puppy[]>();
  });

  it('of a value fits the value and an Observable of it', () => {
    class Puppies {
      @ApiNegotiatedResponse({ type: Puppy, mediaTypes })
      value(): Puppy {
        return { name: 'Rex' };
      }

      @ApiNegotiatedResponse({ type: Puppy, mediaTypes })
      observable(): Observable<Puppy> {
        return of({ name: 'Rex' });
      }

      // @ts-expect-error -- a list
      @ApiNegotiatedResponse({ type: Puppy, mediaTypes })
      list(): Puppy[] {
        return PUPPIES;
      }
    }
    expectTypeOf(new Puppies().value()).toEqualTypeOf<Puppy>();
  });

  it('needs a media type', () => {
    type Options = Parameters<typeof ApiNegotiatedResponse>[0];
    expectTypeOf<{ type: [typeof Puppy]; mediaTypes: ['text/csv'] }>().toExtend<Options>();
    expectTypeOf<{ type: [typeof Puppy]; mediaTypes: [] }>().not.toExtend<Options>();
    expectTypeOf<{ type: [typeof Puppy] }>().not.toExtend<Options>();
  });
});

describe('@ApiServerSentEventResponse()', () => {
  it('types the data of each event by its class or schema', () => {
    const events = {
      puppy: puppySchema,
      list: [Puppy],
      note: { type: 'object' },
    } as const;
    class Events {
      @ApiServerSentEventResponse({ events })
      all(): Observable<
        | ServerSentEvent<{ name: string }, 'puppy'>
        | ServerSentEvent<Puppy[], 'list'>
        | ServerSentEvent<unknown, 'note'>
      > {
        return of(new ServerSentEvent({ event: 'puppy', data: { name: 'Rex' } }));
      }

      // @ts-expect-error -- data that does not conform to the Standard Schema
      @ApiServerSentEventResponse({ events })
      wrong(): Observable<ServerSentEvent<{ name: number }, 'puppy'>> {
        return of(new ServerSentEvent({ event: 'puppy', data: { name: 1 } }));
      }
    }
    expectTypeOf(new Events().all()).toExtend<Observable<unknown>>();
  });
});

describe('ResponseClass', () => {
  it('is a class with its media types and from()', () => {
    class LinesResponse<TItem> extends StreamingResponse<TItem> {
      static readonly mediaTypes = ['text/x-lines'];

      static from<TItem>(
        items: StreamContent<TItem>,
        { schema: _schema, ...options }: RepresentationOptions,
      ): LinesResponse<TItem> {
        return new LinesResponse(items, options);
      }

      encode(item: TItem): string {
        return String(item);
      }
    }
    class PackedResponse extends BufferedResponse {
      static readonly mediaTypes = ['application/x-packed'] as const;

      static from(content: unknown, options: RepresentationOptions): PackedResponse {
        return new PackedResponse(content, options);
      }

      render(): Uint8Array {
        return new Uint8Array();
      }
    }
    expectTypeOf(LinesResponse).toExtend<ResponseClass>();
    expectTypeOf(PackedResponse).toExtend<ResponseClass>();
    expectTypeOf<DateConstructor>().not.toExtend<ResponseClass>();
  });
});
