import { StreamableFile } from '@nestjs/common';
import { isStreamContent } from '../../libs/streams/index.js';
import type { PlatformReply } from '../exchange/create-exchange.js';
import { HTMLResponse } from '../responses/buffered/html-response.js';
import { PlainTextResponse } from '../responses/buffered/plain-text-response.js';
import { NDJSONResponse } from '../responses/streaming/ndjson-response.js';
import { ServerSentEventResponse } from '../responses/streaming/server-sent-event-response.js';
import { isStreamKind, mediaKind } from './media-kind.js';
import { negotiatedRoute, type NegotiatedRoute } from './negotiated-route.js';

/**
 * Makes a stream response of what the handler of a route that declares a stream returned: before any interceptor sees
 * it, as Nest would flatten an Observable.
 */
export function mapStream(value: unknown, route: NegotiatedRoute): unknown {
  const { contract, mediaType, reply } = route;
  const kind = mediaKind(mediaType);
  if (!isStreamKind(kind) || isWholeAnswer(value) || !covers(route)) {
    return value;
  }
  if (!isStreamContent(value)) {
    throw new TypeError(
      `${contract.name} declares ${mediaType}, but returned ${describe(value)}. ` +
        'Return an Observable, an iterable or a stream of items.',
    );
  }
  const options = { statusCode: reply.statusCode, mediaType };
  return kind === 'ndjson'
    ? new NDJSONResponse(value, options)
    : new ServerSentEventResponse(value, options);
}

/** Makes a response of the value that a route's handler and interceptors have come to, by what the route declares. */
export function mapValue(value: unknown, reply: PlatformReply): unknown {
  const route = negotiatedRoute(requestOf(reply));
  if (!route || typeof value !== 'string' || !covers(route)) {
    return value;
  }
  const options = { statusCode: reply.statusCode, mediaType: route.mediaType };
  switch (mediaKind(route.mediaType)) {
    case 'html':
      return new HTMLResponse(value, options);
    case 'text':
      return new PlainTextResponse(value, options);
    default:
      return value;
  }
}

/** Whether the status that is answered, which a handler may have set, is one that declares the media type. */
function covers({ contract, mediaType, reply }: NegotiatedRoute): boolean {
  return contract.mediaTypesOf(reply.statusCode).includes(mediaType);
}

/** Whether Nest knows how to answer a value, whatever its route declares. */
function isWholeAnswer(value: unknown): boolean {
  return (
    value instanceof StreamableFile ||
    value instanceof Uint8Array ||
    Object.prototype.toString.call(value) === '[object Response]'
  );
}

function requestOf(reply: PlatformReply): object {
  return 'request' in reply ? reply.request : reply.req;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
