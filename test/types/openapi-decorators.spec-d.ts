import { ApiProperty } from '@nestjs/swagger';
import { of, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  ApiErrorResponse,
  ApiHTMLResponse,
  ApiJSONResponse,
  ApiJSONRPCResponse,
  ApiPlainTextResponse,
  ApiRedirectResponse,
  ApiStreamResponse,
  HTMLResponse,
  JSONResponse,
  JSONRPCErrorResponse,
  JSONRPCResponse,
  PlainTextResponse,
  RedirectResponse,
  ServerSentEvent,
  type HandlerDecorator,
  type Response,
} from '../../src/index.js';

class Puppy {
  @ApiProperty()
  name!: string;
}

const puppy: Puppy = { name: 'Rex' };
const schema = z.object({ at: z.iso.datetime().transform((at) => new Date(at)) });

describe('@ApiJSONResponse()', () => {
  it('accepts the declared value, a promise or an Observable of it, and a Response', () => {
    class PuppiesController {
      @ApiJSONResponse({ type: Puppy })
      value() {
        return puppy;
      }

      @ApiJSONResponse({ type: Puppy })
      async promise() {
        return puppy;
      }

      @ApiJSONResponse({ type: Puppy })
      observable() {
        return of(puppy);
      }

      @ApiJSONResponse({ type: Puppy })
      response() {
        return new JSONResponse(puppy);
      }

      @ApiJSONResponse({ type: [Puppy] })
      list() {
        return [puppy];
      }

      @ApiJSONResponse({ type: Puppy, isArray: true })
      isArray() {
        return [puppy];
      }

      @ApiJSONResponse({ type: Puppy, nullable: true })
      nullable(): Puppy | null {
        return null;
      }

      @ApiJSONResponse({ standardSchema: schema })
      standard() {
        return { at: '2026-01-01T00:00:00Z' };
      }

      @ApiJSONResponse({ schema: { type: 'object' } })
      unknown(): unknown {
        return puppy;
      }

      @ApiJSONResponse({ type: Puppy })
      @ApiErrorResponse({ status: 404 })
      @ApiRedirectResponse()
      one(): Puppy | RedirectResponse {
        return puppy;
      }
    }
    expectTypeOf(PuppiesController).toBeConstructibleWith();
  });

  it('rejects any other value', () => {
    class PuppiesController {
      // @ts-expect-error -- a name is no puppy
      @ApiJSONResponse({ type: Puppy })
      name() {
        return 'Rex';
      }

      // @ts-expect-error -- one puppy is no list
      @ApiJSONResponse({ type: [Puppy] })
      one() {
        return puppy;
      }

      // @ts-expect-error -- one puppy is no list
      @ApiJSONResponse({ type: Puppy, isArray: true })
      isArray() {
        return puppy;
      }

      // @ts-expect-error -- null was not declared
      @ApiJSONResponse({ type: Puppy })
      nullable(): Puppy | null {
        return null;
      }

      // @ts-expect-error -- the schema takes the text of a date
      @ApiJSONResponse({ standardSchema: schema })
      standard() {
        return { at: 1 };
      }
    }
    expectTypeOf(PuppiesController).toBeConstructibleWith();
  });
});

describe('@ApiPlainTextResponse() and @ApiHTMLResponse()', () => {
  it('accept only a string and a Response', () => {
    class TextController {
      @ApiPlainTextResponse()
      text() {
        return 'hello';
      }

      @ApiHTMLResponse({ description: 'The page.' })
      async html() {
        return new HTMLResponse('hello');
      }

      @ApiPlainTextResponse()
      @ApiHTMLResponse()
      either(): string | PlainTextResponse | HTMLResponse {
        return 'hello';
      }

      // @ts-expect-error -- a number is no text
      @ApiPlainTextResponse()
      number() {
        return 1;
      }

      // @ts-expect-error -- an object is no page
      @ApiHTMLResponse()
      object() {
        return puppy;
      }
    }
    expectTypeOf(TextController).toBeConstructibleWith();
  });
});

describe('@ApiStreamResponse()', () => {
  it('accepts sources of the declared items', () => {
    class StreamController {
      @ApiStreamResponse({ type: Puppy })
      observable(): Observable<Puppy> {
        return of(puppy);
      }

      // @ts-expect-error -- a puppy is no stream of puppies
      @ApiStreamResponse({ type: Puppy })
      value() {
        return puppy;
      }

      // @ts-expect-error -- an event is no line
      @ApiStreamResponse({ type: Puppy })
      events() {
        return of(new ServerSentEvent({ data: puppy }));
      }
    }
    expectTypeOf(StreamController).toBeConstructibleWith();
  });
});

describe('@ApiJSONRPCResponse()', () => {
  it('accepts a Response, but not a value without an id', () => {
    class RPCController {
      @ApiJSONRPCResponse({ type: Puppy })
      call(): JSONRPCResponse<Puppy> | JSONRPCErrorResponse {
        return new JSONRPCResponse({ result: puppy, id: 1 });
      }

      // @ts-expect-error -- a plain value has no id
      @ApiJSONRPCResponse({ type: Puppy })
      value() {
        return puppy;
      }
    }
    expectTypeOf(RPCController).toBeConstructibleWith();
    expectTypeOf(ApiJSONRPCResponse).returns.toEqualTypeOf<HandlerDecorator<Response>>();
  });
});

describe('@ApiRedirectResponse() and @ApiErrorResponse()', () => {
  it('fit handlers of any kind', () => {
    @ApiErrorResponse({ status: 503 })
    class AnyController {
      @ApiRedirectResponse({ status: 303 })
      @ApiErrorResponse({ status: '4XX' })
      any() {
        return puppy;
      }
    }
    expectTypeOf(AnyController).toBeConstructibleWith();
    // @ts-expect-error -- 200 redirects nobody
    ApiRedirectResponse({ status: 200 });
  });
});
