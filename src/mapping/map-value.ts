import { StreamableFile } from '@nestjs/common';
import { isStreamContent } from '../../libs/streams/index.js';
import { headersOf, type PlatformReply } from '../exchange/create-exchange.js';
import { hasNoBody, mergeVary } from '../exchange/header-store.js';
import { APIResponse } from '../responses/buffered/api-response.js';
import { HTMLResponse } from '../responses/buffered/html-response.js';
import { PlainTextResponse } from '../responses/buffered/plain-text-response.js';
import { NDJSONResponse } from '../responses/streaming/ndjson-response.js';
import { ServerSentEventResponse } from '../responses/streaming/server-sent-event-response.js';
import type { DeclaredSerializer } from '../responses/declared-serializer.js';
import type { ResponseOptions } from '../responses/response.js';
import type { SchemaSource } from '../schemas/compile-schema.js';
import type { MediaContent, MediaContents } from './media-content.js';
import { essenceOf, isStreamKind } from './media-kind.js';
import { negotiatedRoute, type NegotiatedRoute } from './negotiated-route.js';

/**
 * Makes a stream response of what the handler of a route that declares a stream returned: before any interceptor sees
 * it, as Nest would flatten an Observable.
 */
export function mapStream(value: unknown, route: NegotiatedRoute): unknown {
  const { contract, mediaType, reply } = route;
  const content = contentOf(route);
  if (!content || !isStreamKind(content.kind) || isWholeAnswer(value)) {
    return value;
  }
  if (!isStreamContent(value)) {
    throw new TypeError(
      `${contract.name} declares ${mediaType}, but returned ${describe(value)}. ` +
        'Return an Observable, an iterable or a stream of items.',
    );
  }
  const { kind, schema, events } = content;
  const options = { statusCode: reply.statusCode, mediaType, schema };
  return kind === 'ndjson'
    ? new NDJSONResponse(value, options)
    : new ServerSentEventResponse(value, { events, ...options });
}

/** Makes a response of the value that a route's handler and interceptors have come to, by what the route declares. */
export function mapValue(
  value: unknown,
  reply: PlatformReply,
  serializer: DeclaredSerializer,
): unknown {
  const route = negotiatedRoute(requestOf(reply));
  if (route && route.contract.mediaTypes.length > 1) {
    // Again, as `@Header('Vary', …)` of the route replaces what its guard has set.
    mergeVary(headersOf(reply), 'Accept');
  }
  const content = route && contentOf(route);
  if (!content || isWholeAnswer(value)) {
    return value;
  }
  const options = { statusCode: reply.statusCode, mediaType: route.mediaType };
  switch (content.kind) {
    case 'json':
      return mapJSON(value, content.schema as SchemaSource, options, route, serializer);
    case 'event-stream':
    case 'ndjson':
      throw new TypeError(
        `${route.contract.name} declares ${route.mediaType}, but an interceptor has put ${describe(value)} in place of ` +
          'its stream. Have it pass on what is an instance of StreamableFile.',
      );
    case 'html':
    case 'text':
      if (typeof value === 'string') {
        return content.kind === 'html'
          ? new HTMLResponse(value, options)
          : new PlainTextResponse(value, options);
      }
      break;
    default:
  }
  // Nest writes as JSON what it has no other form for, and what is declared of it holds all the same.
  return content.schema === undefined || typeof value !== 'object'
    ? value
    : mapJSON(value, content.schema, { statusCode: reply.statusCode }, route, serializer);
}

function mapJSON(
  value: unknown,
  schema: SchemaSource,
  options: ResponseOptions,
  { contract }: NegotiatedRoute,
  serializer: DeclaredSerializer,
): unknown {
  if (serializer.validation === 'error') {
    return new APIResponse(value, { schema, ...options });
  }
  // Nest goes on to answer it as it always did.
  serializer.inspect(value, schema, contract.name);
  return value;
}

/** What is declared for the status that is answered, which a handler may have set, in the media type agreed on. */
function contentOf({ contract, mediaType, reply }: NegotiatedRoute): MediaContent | undefined {
  return hasNoBody(reply.statusCode)
    ? undefined
    : findContent(contract.contentsOf(reply.statusCode), mediaType);
}

/** Two statuses may declare the same media type with other parameters. */
function findContent(contents: MediaContents, mediaType: string): MediaContent | undefined {
  return contents.get(mediaType) ?? findByEssence(contents, essenceOf(mediaType));
}

function findByEssence(contents: MediaContents, essence: string): MediaContent | undefined {
  return [...contents].find(([declared]) => essenceOf(declared) === essence)?.[1];
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
