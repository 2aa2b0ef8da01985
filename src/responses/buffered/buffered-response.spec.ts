import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { BufferedResponse } from './buffered-response.js';
import { EmptyResponse } from './empty-response.js';
import { HTMLResponse } from './html-response.js';
import { JSONResponse } from './json-response.js';
import { JSONRPCErrorResponse } from './json-rpc-error-response.js';
import { JSONRPCResponse } from './json-rpc-response.js';
import { PlainTextResponse } from './plain-text-response.js';

describe('the body', () => {
  it.each<[what: string, response: BufferedResponse, body: string | undefined]>([
    ['a JSONResponse', new JSONResponse({ message: 'hello' }), '{"message":"hello"}'],
    ['a JSONResponse of undefined', new JSONResponse(undefined), 'null'],
    ['a JSONResponse of null', new JSONResponse(null), 'null'],
    ['a JSONResponse of a string', new JSONResponse('a'), '"a"'],
    ['a JSONResponse of false', new JSONResponse(false), 'false'],
    ['a PlainTextResponse', new PlainTextResponse('héllo'), 'héllo'],
    ['an empty PlainTextResponse', new PlainTextResponse(''), ''],
    ['an HTMLResponse', new HTMLResponse('<h1>&amp;</h1>'), '<h1>&amp;</h1>'],
    ['an EmptyResponse', new EmptyResponse(), undefined],
    [
      'a JSONRPCResponse',
      new JSONRPCResponse({ result: { sum: 3 }, id: 7 }),
      '{"jsonrpc":"2.0","id":7,"result":{"sum":3}}',
    ],
    [
      'a JSONRPCResponse without id and result',
      new JSONRPCResponse({}),
      '{"jsonrpc":"2.0","id":null,"result":null}',
    ],
    [
      'a JSONRPCResponse of what is falsy',
      new JSONRPCResponse({ result: 0, id: 0 }),
      '{"jsonrpc":"2.0","id":0,"result":0}',
    ],
    [
      'a JSONRPCResponse to a request with a text as id',
      new JSONRPCResponse({ result: '', id: '' }),
      '{"jsonrpc":"2.0","id":"","result":""}',
    ],
    [
      'a JSONRPCErrorResponse',
      new JSONRPCErrorResponse({ statusCode: -32601, message: 'Unknown method', id: 'a' }),
      '{"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"Unknown method"}}',
    ],
    [
      'a JSONRPCErrorResponse with data and no id',
      new JSONRPCErrorResponse({ statusCode: 1, message: 'm', data: { line: 2 } }),
      '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m","data":{"line":2}}}',
    ],
    [
      'a JSONRPCErrorResponse with data that is null',
      new JSONRPCErrorResponse({ statusCode: 1, message: 'm', data: null }),
      '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m","data":null}}',
    ],
  ])('of %s', async (_what, response, body) => {
    expect(await response.render()).toBe(body);
    expect(await text(response.getStream())).toBe(body ?? '');
    expect(await text(response.getStream())).toBe(body ?? '');
  });

  it('is rendered by the module only when it is delivered', async () => {
    let renders = 0;
    class Counted extends BufferedResponse<undefined> {
      async render(): Promise<string> {
        renders += 1;
        return 'counted';
      }
    }
    const stream = new Counted(undefined).getStream();
    expect(renders).toBe(0);
    expect(await text(stream)).toBe('counted');
    expect(renders).toBe(1);
  });
});

describe('JSONRPCErrorResponse', () => {
  it.each([NaN, 1.5, Infinity])('rejects the code %d', (statusCode) => {
    expect(() => new JSONRPCErrorResponse({ statusCode, message: 'm' })).toThrow(RangeError);
  });

  it.each([-32700, 0, 404, 100_000])('accepts the code %d with HTTP 200', (statusCode) => {
    const response = new JSONRPCErrorResponse({ statusCode, message: 'm' });
    expect(response.content.code).toBe(statusCode);
    expect(response.statusCode).toBe(200);
  });
});
