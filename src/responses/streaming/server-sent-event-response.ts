import {
  encodeEvent,
  isServerSentEvent,
  ServerSentEvent,
} from '../../../libs/event-stream/index.js';
import type { StreamContent } from '../../../libs/streams/index.js';
import type { SchemaSource } from '../../schemas/compile-schema.js';
import type { DeclaredSerializer } from '../declared-serializer.js';
import { isJSONText } from '../json.js';
import type { ResponseOptions } from '../response.js';
import type { DescribedItems, ItemsDescription, RepresentationOptions } from '../representation.js';
import type { DeliveryServices } from '../services.js';
import { describeEvents } from './describe-items.js';
import type { ItemDeclaration } from './declared-items.js';
import { StreamingResponse, type StreamFrame } from './streaming-response.js';

/** Options of `ServerSentEventResponse`. @publicApi */
export interface ServerSentEventResponseOptions extends ResponseOptions {
  /**
   * The time without an event, in milliseconds, after which a comment is sent to keep proxies from closing the
   * connection. `false` disables it.
   *
   * @default the module's `eventStream.heartbeat`, 15_000
   */
  readonly heartbeat?: number | false;
  /**
   * The time the client waits before it reconnects, in milliseconds. Sent at the start of the stream.
   *
   * @default the module's `eventStream.retry`, none
   */
  readonly retry?: number;
  /** The schema of the data of each event. @default none: data is sent as it is */
  readonly schema?: SchemaSource | undefined;
  /** The schemas of the data of named events, by name. Any other event fails the stream. @default none */
  readonly events?: Readonly<Record<string, SchemaSource>> | undefined;
}

/** Only a comment, which clients ignore. Source: WHATWG HTML, 9.2.7 "Authoring notes". */
const HEARTBEAT = encodeEvent({ comment: 'heartbeat' });

/**
 * Sends each item as an event: a `ServerSentEvent` as is, a string or a chunk of bytes as data, any other value as JSON
 * data. If the source fails, sends an event `error` with the data `{ "detail", "error", "status_code" }`, or a problem
 * with `errors: 'problem'`, and ends.
 *
 * Source: WHATWG HTML, 9.2 "Server-sent events".
 *
 * @publicApi
 */
export class ServerSentEventResponse<TItem = unknown> extends StreamingResponse<TItem> {
  /** The media types for which a declared route can use this class. */
  static readonly mediaTypes: readonly string[] = ['text/event-stream'];

  /** Creates a response from the items that a handler of a declared route returned. */
  static from(
    content: StreamContent<unknown>,
    { schema: _schema, events: _events, ...options }: RepresentationOptions,
  ): ServerSentEventResponse {
    return new this(content, options);
  }

  /** Describes the stream in an OpenAPI document: each item is an event with its data. */
  static describeItems(items: DescribedItems): ItemsDescription {
    return describeEvents(items);
  }

  override readonly mediaType: string = 'text/event-stream';
  readonly #heartbeat: number | false | undefined;
  readonly #retry: number | undefined;
  readonly #stringify = (data: unknown) => this.stringify(data);

  /** Throws a `TypeError` if `heartbeat` or `retry` is not a number of milliseconds. */
  constructor(
    content: StreamContent<TItem>,
    { heartbeat, retry, schema, events, ...options }: ServerSentEventResponseOptions = {},
  ) {
    super(content, options, (events ?? schema) && { events, schema });
    if (
      heartbeat !== undefined &&
      heartbeat !== false &&
      !(typeof heartbeat === 'number' && heartbeat > 0)
    ) {
      throw new TypeError(
        `The "heartbeat" of an event stream must be a positive number of milliseconds or false, got ${heartbeat}.`,
      );
    }
    this.#heartbeat = heartbeat;
    // Fails here rather than when the stream starts.
    this.#retry = retry === undefined ? undefined : new ServerSentEvent({ retry }).retry;
  }

  encode(item: TItem): string {
    if (isServerSentEvent(item)) {
      return item.encode(this.#stringify, true);
    }
    if (item instanceof Uint8Array) {
      const text = this.decode(item);
      return text && encodeEvent({ data: text });
    }
    return encodeEvent(typeof item === 'string' ? { data: item } : { json: this.stringify(item) });
  }

  protected override prepare(
    item: TItem,
    declaration: ItemDeclaration,
    serializer: DeclaredSerializer,
    route: string,
  ): unknown {
    if (!isServerSentEvent(item)) {
      return settle(checkData(declaration, item, undefined, serializer, route), asData);
    }
    // Only a comment, an id or a retry.
    if (item.data === undefined && item.event === undefined) {
      return item;
    }
    // An event that is sent to many clients is checked and encoded once.
    return serializer.once(item, declaration.events ?? declaration.schema ?? declaration, () =>
      settle(checkData(declaration, item.data, item.event, serializer, route), (data) =>
        data === item.data ? item : withData(item, asData(data)),
      ),
    );
  }

  protected override frame({ eventStream, describeError }: DeliveryServices): StreamFrame {
    const retry = this.#retry ?? eventStream.retry;
    const interval = this.#heartbeat ?? eventStream.heartbeat;
    return {
      headers: { 'Cache-Control': 'no-cache, no-transform' },
      preamble: retry === undefined ? '' : encodeEvent({ retry }),
      heartbeat: interval === false ? undefined : { interval, text: HEARTBEAT },
      encodeFailure: (error) =>
        encodeEvent({ event: 'error', data: this.stringify(describeError(error)) }),
    };
  }
}

function checkData(
  { schema: any, events }: ItemDeclaration,
  data: unknown,
  event: string | undefined,
  serializer: DeclaredSerializer,
  route: string,
): unknown {
  if (!events) {
    return any === undefined ? data : serializer.check(data, any, route);
  }
  // Unnamed events are `message` to a client. Source: WHATWG HTML, 9.2.6.
  const name = event ?? 'message';
  const schema = Object.hasOwn(events, name) ? events[name] : undefined;
  if (schema === undefined) {
    const declared = Object.keys(events).join(', ');
    serializer.refuse(`The event "${name}" is not declared. Declared events: ${declared}.`, route);
    return data;
  }
  return serializer.check(data, schema, `${route}, event ${name}`);
}

/** Converts checked data for an event: a string is sent as is, any other value as JSON. */
function asData(data: unknown): unknown {
  return isJSONText(data) && data.text.startsWith('"') ? JSON.parse(data.text) : data;
}

function withData({ event, id, retry, comment }: ServerSentEvent, data: unknown): ServerSentEvent {
  return new ServerSentEvent({ data, event, id, retry, comment });
}

function settle(value: unknown, use: (value: unknown) => unknown): unknown {
  return value instanceof Promise ? value.then(use) : use(value);
}
