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

/** A response of any origin. */
export interface OpenedResponse {
  /** Undefined for a bare body stream. */
  readonly head: ResponseHead | undefined;
  readonly body: Readable;
}

export interface ResponseHead {
  readonly status: number;
  /** The content type with its parameters. Undefined if there is none. */
  readonly contentType: string | undefined;
}

/** Opens a response for reading. Throws a `TypeError` for any other value. */
export function openResponse(response: StreamedResponse): OpenedResponse {
  if (isResponse(response)) {
    const { statusCode: status, headers } = response;
    // Without a body, no content type is sent.
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
    // The injected stream does not tell the application that reading has stopped.
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
    'The items are collected from a response of fetch(), app.inject() or supertest, a Readable, or a Response of ' +
      `this package, got ${inspect(response, { depth: 0 })}. Await a promise first.`,
  );
}

/** Returns the head of an `IncomingMessage` that a client has received. */
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
