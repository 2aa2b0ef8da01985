import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { inspect } from 'node:util';
import { hasNoBody } from '../exchange/header-store.js';
import { isResponse } from '../responses/response.js';
import type {
  FetchedResponse,
  InjectedResponse,
  StreamedResponse,
  SupertestResponse,
} from './streamed-response.js';

/** A response, whatever made it. */
export interface OpenedResponse {
  /** Undefined for a bare stream of a body, which tells none. */
  readonly head: ResponseHead | undefined;
  readonly body: Readable;
}

export interface ResponseHead {
  readonly status: number;
  /** With its parameters; undefined where there is none. */
  readonly contentType: string | undefined;
}

/** Opens a response to be read. Throws a `TypeError` for what is none. */
export function openResponse(response: StreamedResponse): OpenedResponse {
  if (isResponse(response)) {
    const { statusCode: status, headers } = response;
    // Where there is no body, there is no type of it that is sent.
    const contentType = hasNoBody(status)
      ? undefined
      : (headers.get('content-type') ?? response.getHeaders().type);
    return { head: { status, contentType }, body: response.getStream() };
  }
  if (response instanceof Readable) {
    return { head: headOfMessage(response), body: response };
  }
  if (isFetched(response)) {
    const { status, headers, body } = response;
    return {
      head: { status, contentType: headers.get('content-type') ?? undefined },
      body: body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream),
    };
  }
  if (isInjected(response)) {
    const body = response.stream();
    // Its stream does not tell the application that nobody reads on.
    body.once('close', () => response.raw.res.destroy());
    return { head: headOf(response.statusCode, response.headers), body };
  }
  if (isSupertest(response)) {
    return {
      head: headOf(response.status, response.headers),
      body: Readable.from([response.text]),
    };
  }
  throw new TypeError(
    'What is collected from is a response of fetch(), of app.inject() or of supertest, a Readable, or a Response of ' +
      `this package, got ${inspect(response, { depth: 0 })}. Await a promise first.`,
  );
}

/** That of an `IncomingMessage`, which a client has received. */
function headOfMessage(body: Readable): ResponseHead | undefined {
  return hasMember(body, 'statusCode', 'number') && hasMember(body, 'headers', 'object')
    ? headOf(body.statusCode as number, body.headers as InjectedResponse['headers'])
    : undefined;
}

function headOf(status: number, headers: InjectedResponse['headers']): ResponseHead {
  const contentType = headers['content-type'];
  return { status, contentType: contentType === undefined ? undefined : String(contentType) };
}

function isFetched(response: unknown): response is FetchedResponse {
  return hasMember(response, 'headers', 'object') && hasMember(response.headers, 'get', 'function');
}

function isInjected(response: unknown): response is InjectedResponse {
  return hasMember(response, 'stream', 'function') && hasMember(response, 'headers', 'object');
}

function isSupertest(response: unknown): response is SupertestResponse {
  return hasMember(response, 'text', 'string') && hasMember(response, 'headers', 'object');
}

function hasMember<TName extends string>(
  value: unknown,
  name: TName,
  type: 'function' | 'number' | 'object' | 'string',
): value is Record<TName, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[name] === type
  );
}
