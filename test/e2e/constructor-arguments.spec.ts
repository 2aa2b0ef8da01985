import { describe, expect, it } from 'vitest';
import {
  APIErrorResponse,
  APIResponse,
  HTMLTemplateResponse,
  JSONResponse,
  JSONRPCErrorResponse,
  JSONRPCResponse,
  RedirectResponse,
  ServerSentEventResponse,
} from '../../src/index.js';
import type { Response } from '../../src/index.js';

describe('A constructor', () => {
  it.each<[what: string, make: () => Response, message: string]>([
    ...[undefined, null, 4, true].map((url): [string, () => Response, string] => [
      `a redirect to ${String(url)}`,
      () => new RedirectResponse(url as never),
      'A RedirectResponse needs a URL',
    ]),
    ...[undefined, null, 'Puppy', 4].map((schema): [string, () => Response, string] => [
      `the schema ${String(schema)}`,
      () => new APIResponse({}, { schema: schema as never }),
      'An APIResponse needs a "schema"',
    ]),
    ...[undefined, null, 4].map((template): [string, () => Response, string] => [
      `the template ${String(template)}`,
      () => new HTMLTemplateResponse(template as never),
      'The template of an HTMLTemplateResponse must be the path of a file',
    ]),
    ...[true, Number.NaN, 1n].map((id): [string, () => Response, string] => [
      `the JSON-RPC id ${String(id)}`,
      () => new JSONRPCResponse({ id: id as never }),
      'The "id" of a JSON-RPC response',
    ]),
    [
      'the id of a JSON-RPC error',
      () => new JSONRPCErrorResponse({ statusCode: -32600, message: 'a', id: {} as never }),
      'The "id" of a JSON-RPC response',
    ],
    [
      'a JSON-RPC error without a message',
      () => new JSONRPCErrorResponse({ statusCode: -32600 } as never),
      'The "message" of a JSON-RPC error must be a string, got undefined.',
    ],
    ...['', 'json', 'text/', '/csv', 'text/csv, text/plain', 'a b/c'].map(
      (mediaType): [string, () => Response, string] => [
        `the media type ${JSON.stringify(mediaType)}`,
        () => new JSONResponse(1, { mediaType }),
        'The "mediaType" of a response must have a type and a subtype',
      ],
    ),
    [
      'a heartbeat that is a string',
      () => new ServerSentEventResponse([], { heartbeat: '1000' as never }),
      'The "heartbeat" of an event stream',
    ],
    [
      'a cookie that is set twice',
      () =>
        new JSONResponse(1, {
          headers: [
            ['Set-Cookie', 'a=1; Path=/'],
            ['Set-Cookie', 'b=1'],
            ['set-cookie', 'a=2; Path=/; Secure'],
          ],
        }),
      '"headers" sets the cookie "a" twice',
    ],
  ])('rejects %s', (_, make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it.each(['text/csv', 'text/csv;header=present', 'application/vnd.api+json', 'x-a/b ; c=d'])(
    'takes the media type %s',
    (mediaType) => {
      expect(() => new JSONResponse(1, { mediaType })).not.toThrow();
    },
  );

  it('of a JSON-RPC response needs no argument', () => {
    expect(new JSONRPCResponse().render()).toBe('{"jsonrpc":"2.0","id":null,"result":null}');
  });

  it('of an error without a detail sends null as its detail', () => {
    expect(new APIErrorResponse({} as never).render()).toBe(
      '{"detail":null,"error":null,"status_code":400}',
    );
  });
});

describe('setCookie()', () => {
  it('replaces a cookie of the same name, domain and path', () => {
    const response = new JSONResponse(1)
      .setCookie('a', '1')
      .setCookie('b', '1')
      .setCookie('a', '2')
      .deleteCookie('b');
    expect(response.headers.getSetCookie()).toEqual([
      'a=2; Path=/; SameSite=Lax',
      'b=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax',
    ]);
  });

  it('keeps cookies of the same name for another path or domain', () => {
    const response = new JSONResponse(1)
      .setCookie('a', '1')
      .setCookie('a', '2', { path: '/admin' })
      .setCookie('a', '3', { domain: 'example.com' });
    expect(response.headers.getSetCookie()).toHaveLength(3);
  });
});
