import { HttpException, StreamableFile } from '@nestjs/common';
import { isObservable } from 'rxjs';
import { collectItems, isStreamContent, type StreamContent } from '../../libs/streams/index.js';
import { disconnectSignal } from '../exchange/close-watch.js';
import {
  createExchange,
  headersOf,
  rawReply,
  type PlatformReply,
} from '../exchange/create-exchange.js';
import { hasNoBody, mergeVary } from '../exchange/header-store.js';
import type { DeclaredSerializer } from '../responses/declared-serializer.js';
import { essenceOf } from '../responses/media-type.js';
import { isResponse } from '../responses/response.js';
import type { RepresentationOptions, ResponseClass } from '../responses/representation.js';
import { isStreaming, NATIVE } from '../responses/representations.js';
import { declareItems } from '../responses/streaming/declared-items.js';
import { SerializationException } from '../schemas/serialization.exception.js';
import type { MediaContent, MediaContents } from './media-content.js';
import { negotiatedRoute, type NegotiatedRoute } from './negotiated-route.js';

/**
 * Maps a source of items that a handler returned: to a stream response, or to an array if the negotiated class represents
 * whole values. Runs before interceptors, because Nest would flatten an Observable.
 */
export function mapStream(value: unknown, route: NegotiatedRoute): unknown {
  const content = contentOf(route);
  if (!content?.representation || isWholeAnswer(value)) {
    return value;
  }
  const { representation, isList } = content;
  if (isStreaming(representation)) {
    if (!isStreamContent(value)) {
      throw new TypeError(
        `${route.contract.name} declares ${route.mediaType}, but returned ${describe(value)}. ` +
          'Return an Observable, an iterable or a stream of items.',
      );
    }
    return streamOf(representation, value, content.schema, content, route);
  }
  if (!isList || !isSource(value, content)) {
    return value;
  }
  return representation.streaming
    ? streamOf(representation.streaming, value, content.itemSchema, content, route)
    : collect(value, route.reply);
}

/** Collects all items of a source. Stops the source if the client disconnects. */
async function collect(source: StreamContent<unknown>, reply: PlatformReply): Promise<unknown[]> {
  const signal = disconnectSignal(rawReply(reply));
  try {
    return await collectItems(source, signal);
  } catch (error) {
    // Nobody receives this response, and Nest does not log an HttpException.
    throw signal.aborted ? new HttpException('The client has disconnected.', 499) : error;
  }
}

function streamOf(
  responseClass: ResponseClass,
  source: StreamContent<unknown>,
  schema: MediaContent['schema'],
  { events }: MediaContent,
  route: NegotiatedRoute,
): unknown {
  const { validation } = route.contract;
  const declared =
    schema === undefined && events === undefined
      ? source
      : declareItems(source, { schema, events, validation }, (item) =>
          // Called only by a class that transforms its items itself, and not before the response is delivered.
          schema === undefined
            ? item
            : route.serializer?.project(item, schema, createExchange(reply)),
        );
  const { mediaType, reply } = route;
  const options = { statusCode: reply.statusCode, mediaType, schema, events };
  return responseClass.from?.(declared, options);
}

/** Maps the value that a handler and its interceptors returned to a response, as declared by the route. */
export function mapValue(
  value: unknown,
  reply: PlatformReply,
  ofModule: DeclaredSerializer,
): unknown {
  const route = negotiatedRoute(requestOf(reply));
  if (!route) {
    return value;
  }
  const { validation } = route.contract;
  const serializer = ofModule.as(validation);
  route.serializer = serializer;
  if (route.contract.mediaTypes.length > 1) {
    // Repeated, because `@Header('Vary', …)` of the route replaces the header that its guard has set.
    mergeVary(headersOf(reply), 'Accept');
  }
  const content = contentOf(route);
  const { statusCode } = reply;
  if (isWholeAnswer(value) || isResponse(value)) {
    return value;
  }
  if (!content) {
    tellUndeclared(value, route, serializer);
    return value;
  }
  const { representation, schema } = content;
  if (typeof value === 'string' && representation?.isNative) {
    if (content.leavesStrings || isOtherType(reply)) {
      return value;
    }
    if (serializer.validation === 'warn') {
      serializer.warn(
        `${createExchange(reply).route}: sends a string as text. With validation: 'error' it is JSON, in quotes. ` +
          "Declare text by @ApiProduces('text/plain') if that is what clients expect.",
      );
    }
  }
  if (representation) {
    if (isStreaming(representation)) {
      throw new TypeError(
        `${route.contract.name} declares ${route.mediaType}, but an interceptor has put ${describe(value)} in place of ` +
          'its stream. Let it pass on instances of StreamableFile.',
      );
    }
    const options = { statusCode, mediaType: route.mediaType, schema, validation };
    const response = represent(value, representation, options, route, serializer);
    if (response !== undefined) {
      return response;
    }
  }
  // Nest writes every object as JSON, so the declared schema still applies.
  return schema === undefined || typeof value !== 'object' || representation?.isNative
    ? value
    : (represent(value, NATIVE, { statusCode, schema, validation }, route, serializer) ?? value);
}

/** True if a `Content-Type` other than JSON has been set, e.g. by `@Header()`: the value is text that is written already. */
function isOtherType(reply: PlatformReply): boolean {
  const contentType = headersOf(reply).get('content-type');
  return (
    contentType !== undefined && !/^application\/(?:[^;]+\+)?json\b/i.test(String(contentType))
  );
}

/** Warns of a successful status that a handler has set, and that no declaration covers. */
function tellUndeclared(
  value: unknown,
  { contract, reply }: NegotiatedRoute,
  serializer: DeclaredSerializer,
): void {
  const { statusCode } = reply;
  const isSuccess = statusCode >= 200 && statusCode < 300 && !hasNoBody(statusCode);
  if (isSuccess && value !== undefined && !contract.isDeclared(statusCode)) {
    serializer.warn(
      `${createExchange(reply).route}: answers ${statusCode}, which it does not declare. The value is sent as it is, with all ` +
        `of its properties. Declare it, e.g. by @ApiResponse({ status: ${statusCode}, type: … }).`,
    );
  }
}

/** A response of a whole value, or a promise of one; undefined if the class leaves the value to Nest. */
function represent(
  value: unknown,
  responseClass: ResponseClass,
  options: RepresentationOptions,
  { reply }: NegotiatedRoute,
  serializer: DeclaredSerializer,
): unknown {
  const { schema } = options;
  if (responseClass.isNative && serializer.validation !== 'error') {
    if (schema !== undefined) {
      serializer.inspect(value, schema, createExchange(reply));
    }
    return undefined;
  }
  if (responseClass.isNative || responseClass.appliesSchema || schema === undefined) {
    return responseClass.from?.(value, options);
  }
  const fail = (error: unknown): never => {
    throw error instanceof SerializationException
      ? error.at(`${createExchange(reply).route}, status ${reply.statusCode}`)
      : error;
  };
  const from = (content: unknown) => responseClass.from?.(content, options) ?? value;
  try {
    const content = serializer.project(value, schema, createExchange(reply));
    return content instanceof Promise ? content.then(from, fail) : from(content);
  } catch (error) {
    return fail(error);
  }
}

/**
 * True for a source of the items of a list. Arrays and collections are whole values. So is an Observable if the route
 * can only answer whole values, because existing handlers return an Observable of one array.
 */
function isSource(
  value: unknown,
  { takesObservable }: MediaContent,
): value is StreamContent<unknown> {
  return isObservable(value)
    ? takesObservable
    : isStreamContent(value) &&
        !(Array.isArray(value) || value instanceof Set || value instanceof Map) &&
        !ArrayBuffer.isView(value);
}

/**
 * Releases the source of the response that a handler returned if an interceptor or an exception filter has replaced the
 * response. NestJS 12 does this itself.
 */
export function releaseReplaced(reply: PlatformReply, answer: unknown): void {
  const handled = negotiatedRoute(requestOf(reply))?.handled;
  if (handled && handled !== answer) {
    handled.getStream().destroy();
  }
}

/** Returns the declared content for the current status, which a handler may have set, in the negotiated media type. */
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

/** True for values that Nest can send as is, regardless of the declarations of the route. */
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
