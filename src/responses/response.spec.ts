import { StreamableFile } from '@nestjs/common';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { BufferedResponse } from './buffered/buffered-response.js';
import { EmptyResponse } from './buffered/empty-response.js';
import { HTMLResponse } from './buffered/html-response.js';
import { JSONResponse } from './buffered/json-response.js';
import { JSONRPCErrorResponse } from './buffered/json-rpc-error-response.js';
import { JSONRPCResponse } from './buffered/json-rpc-response.js';
import { PlainTextResponse } from './buffered/plain-text-response.js';
import { RedirectResponse } from './buffered/redirect-response.js';
import { Response, type ResponseOptions } from './response.js';
import { NDJSONResponse } from './streaming/ndjson-response.js';
import { ServerSentEventResponse } from './streaming/server-sent-event-response.js';

/** Every class, made with the same options. */
const classes: [name: string, make: (options?: ResponseOptions) => Response][] = [
  ['JSONResponse', (options) => new JSONResponse({}, options)],
  ['PlainTextResponse', (options) => new PlainTextResponse('text', options)],
  ['HTMLResponse', (options) => new HTMLResponse('<p>', options)],
  ['RedirectResponse', (options) => new RedirectResponse('/new', { ...options, statusCode: 303 })],
  ['EmptyResponse', (options) => new EmptyResponse(options)],
  ['JSONRPCResponse', (options) => new JSONRPCResponse({ result: 1, ...options })],
  [
    'JSONRPCErrorResponse',
    (options) => new JSONRPCErrorResponse({ message: 'm', ...options, statusCode: -32000 }),
  ],
  ['NDJSONResponse', (options) => new NDJSONResponse(of(1), options)],
  ['ServerSentEventResponse', (options) => new ServerSentEventResponse(of(1), options)],
];

describe.each(classes)('%s', (name, make) => {
  it('is a Response and a StreamableFile', () => {
    expect(make()).toBeInstanceOf(Response);
    expect(make()).toBeInstanceOf(StreamableFile);
  });

  it('accepts headers, a media type and background tasks', () => {
    const tasks = [() => 1, () => 2];
    const response = make({
      headers: { 'X-Name': 'value' },
      mediaType: 'application/x-own',
      background: tasks,
    });
    expect(response.headers.get('x-name')).toBe('value');
    expect(response.getHeaders().type).toBe('application/x-own');
    expect(response.background).toEqual(tasks);
  });

  it('accepts a single background task', () => {
    const task = () => 1;
    expect(make({ background: task }).background).toEqual([task]);
    expect(make().background).toEqual([]);
  });

  it('copies the given headers', () => {
    const headers = new Headers({ a: '1' });
    const response = make({ headers });
    response.headers.set('a', '2');
    expect(headers.get('a')).toBe('1');
  });

  it('sets and deletes cookies, each in a separate header', () => {
    const response = make().setCookie('a', '1').setCookie('b', '2', { httpOnly: true });
    response.deleteCookie('c', { path: '/c', domain: 'example.com' });
    expect(response.headers.getSetCookie()).toEqual([
      'a=1; Path=/; SameSite=Lax',
      'b=2; Path=/; HttpOnly; SameSite=Lax',
      'c=; Max-Age=0; Domain=example.com; Path=/c; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax',
    ]);
  });

  it('throws an explanation if it is part of another value', () => {
    const wrap = () => JSON.stringify({ data: make() });
    expect(wrap).toThrow(TypeError);
    expect(wrap).toThrow(`A ${name} cannot be part of another value`);
    expect(wrap).toThrow('StreamableFile');
  });

  it.each(['a\rb', 'a\nb', 'a\0b', 'a\r\nX-Injected: 1'])(
    'rejects the header value %j when it is set',
    (value) => {
      expect(() => make({ headers: { 'X-Name': value } })).toThrow(TypeError);
      expect(() => make().headers.set('X-Name', value)).toThrow(TypeError);
      expect(() => make().headers.append('X-Name', value)).toThrow(TypeError);
      expect(() => make({ mediaType: value })).toThrow(TypeError);
    },
  );

  it.each(['', 'a b', 'a:b', 'a\n', 'é'])('rejects the header name %j when it is set', (header) => {
    expect(() => make({ headers: [[header, 'value']] })).toThrow(TypeError);
    expect(() => make().headers.set(header, 'value')).toThrow(TypeError);
  });

  it('rejects an invalid header value, and a cookie that browsers reject', () => {
    expect(() => make().headers.set('X-Name', '€')).toThrow(TypeError);
    expect(() => make().setCookie('__Host-a', '1')).toThrow(TypeError);
    expect(() => make().deleteCookie('a', { sameSite: 'none' })).toThrow(TypeError);
  });
});

describe('statusCode', () => {
  it.each<[name: string, response: Response, statusCode: number]>([
    ['JSONResponse', new JSONResponse({}), 200],
    ['EmptyResponse', new EmptyResponse(), 204],
    ['RedirectResponse', new RedirectResponse('/'), 307],
    ['NDJSONResponse', new NDJSONResponse([]), 200],
    ['ServerSentEventResponse', new ServerSentEventResponse([]), 200],
    ['JSONRPCErrorResponse', new JSONRPCErrorResponse({ statusCode: -1, message: '' }), 200],
    ['JSONRPCResponse', new JSONRPCResponse({}), 200],
  ])('of %s has its default', (_name, response, statusCode) => {
    expect(response.statusCode).toBe(statusCode);
  });

  it.each([100, 201, 404, 599])('can be %i', (statusCode) => {
    expect(new JSONResponse({}, { statusCode }).statusCode).toBe(statusCode);
  });

  it.each([0, 99, 600, 200.5, NaN, -200])('cannot be %d', (statusCode) => {
    expect(() => new JSONResponse({}, { statusCode })).toThrow(RangeError);
  });
});

class OwnText extends BufferedResponse<string> {
  override readonly mediaType = 'text/csv';

  render(): string {
    return this.content;
  }
}

describe('the media type', () => {
  it.each<[what: string, response: Response, type: string]>([
    ['of JSON is bare', new JSONResponse({}), 'application/json'],
    ['of text tells its charset', new PlainTextResponse(''), 'text/plain; charset=utf-8'],
    ['of HTML tells its charset', new HTMLResponse(''), 'text/html; charset=utf-8'],
    ['of NDJSON is bare', new NDJSONResponse([]), 'application/x-ndjson'],
    ['of an event stream is bare', new ServerSentEventResponse([]), 'text/event-stream'],
    ['of a class of text tells its charset', new OwnText(''), 'text/csv; charset=utf-8'],
    [
      'as an option wins over that of the class',
      new JSONResponse({}, { mediaType: 'application/problem+json' }),
      'application/problem+json',
    ],
    [
      'as an option of text tells its charset',
      new JSONResponse({}, { mediaType: 'text/x-json' }),
      'text/x-json; charset=utf-8',
    ],
    [
      'with a charset keeps it',
      new PlainTextResponse('', { mediaType: 'text/plain; charset=us-ascii' }),
      'text/plain; charset=us-ascii',
    ],
    [
      'with another parameter gets a charset as well',
      new PlainTextResponse('', { mediaType: 'text/plain; format=flowed' }),
      'text/plain; format=flowed; charset=utf-8',
    ],
    [
      'in capitals gets a charset as well',
      new PlainTextResponse('', { mediaType: 'TEXT/PLAIN' }),
      'TEXT/PLAIN; charset=utf-8',
    ],
    [
      'of text that only begins as an event stream tells its charset',
      new PlainTextResponse('', { mediaType: 'text/event-streams' }),
      'text/event-streams; charset=utf-8',
    ],
    [
      'of an event stream with a parameter is as it was given',
      new ServerSentEventResponse([], { mediaType: 'text/event-stream; x=1' }),
      'text/event-stream; x=1',
    ],
  ])('%s', (_what, response, type) => {
    expect(response.getHeaders().type).toBe(type);
  });
});
