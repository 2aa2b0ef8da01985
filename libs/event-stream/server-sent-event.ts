import { encodeEvent } from './encode-event.js';

/** The fields of an event. Each is optional, but at least one is required. */
export interface ServerSentEventInit<TData = unknown, TEvent extends string = string> {
  /** A string is sent as is, line by line; any other value as JSON. */
  readonly data?: TData | undefined;
  /** The event type, a single line. Clients use `message` if it is missing. */
  readonly event?: TEvent | undefined;
  /** Sent back by the client as `Last-Event-ID` when it reconnects. A single line without NUL; numbers become text. */
  readonly id?: string | number | undefined;
  /** The time the client waits before it reconnects, in milliseconds. A non-negative integer. */
  readonly retry?: number | undefined;
  /** Text that clients ignore. An event with only a comment is a heartbeat. */
  readonly comment?: string | undefined;
}

/** The shape of the `MessageEvent` that the handlers of Nest's `@Sse()` emit. */
export interface MessageEventLike {
  /** A string is sent as is, line by line; any other value as JSON. */
  readonly data?: unknown;
  /** Sent back by the client as `Last-Event-ID` when it reconnects. */
  readonly id?: string;
  /** The event type. Becomes the `event` of the `ServerSentEvent`. */
  readonly type?: string;
  /** The time the client waits before it reconnects, in milliseconds. */
  readonly retry?: number;
  /** Text that clients ignore. */
  readonly comment?: string;
}

/** Marks every event, so that events from a second loaded copy of this package are recognised. */
const EVENT = Symbol.for('nestjs-responses:server-sent-event');

/** True for a `ServerSentEvent`, even from another loaded copy of this package. */
export function isServerSentEvent(value: unknown): value is ServerSentEvent {
  return (
    value instanceof ServerSentEvent ||
    (typeof value === 'object' && value !== null && EVENT in value)
  );
}

/**
 * One event of an event stream. Immutable. Encoded once, even if it is sent to many clients.
 *
 * Throws a `TypeError` for a field that would end its line early or that clients would ignore: CR or LF in `event`; CR,
 * LF or NUL in `id`; a `retry` that is not a non-negative integer; an event without fields.
 *
 * Source: WHATWG HTML, 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream".
 *
 * @publicApi
 */
export class ServerSentEvent<TData = unknown, TEvent extends string = string> {
  static {
    Object.defineProperty(this.prototype, EVENT, { value: true });
  }

  readonly #data: TData | undefined;
  readonly #event: TEvent | undefined;
  readonly #id: string | undefined;
  readonly #retry: number | undefined;
  readonly #comment: string | undefined;
  #text: string | undefined;

  constructor({ data, event, id, retry, comment }: ServerSentEventInit<TData, TEvent>) {
    if (
      data === undefined &&
      event === undefined &&
      id === undefined &&
      retry === undefined &&
      comment === undefined
    ) {
      throw new TypeError(
        'An event needs at least one field. Set "data", "event", "id", "retry" or "comment".',
      );
    }
    this.#data = data;
    this.#event = event === undefined ? undefined : checkLine('event', event);
    this.#id = id === undefined ? undefined : idText(id);
    this.#retry = retry === undefined ? undefined : checkRetry(retry);
    this.#comment = comment === undefined ? undefined : String(comment);
  }

  /** The data as passed to the constructor. A string is sent as is, any other value as JSON. */
  get data(): TData | undefined {
    return this.#data;
  }

  /** The event type. Clients use `message` if it is undefined. */
  get event(): TEvent | undefined {
    return this.#event;
  }

  /** Sent back by the client as `Last-Event-ID` when it reconnects. */
  get id(): string | undefined {
    return this.#id;
  }

  /** The time the client waits before it reconnects, in milliseconds. */
  get retry(): number | undefined {
    return this.#retry;
  }

  /** Text that clients ignore. */
  get comment(): string | undefined {
    return this.#comment;
  }

  /**
   * Returns the event as text, including the empty line that ends it. Computed on the first call.
   *
   * Throws the errors of `stringify`, and a `TypeError` for `data` that JSON cannot represent, e.g. a function.
   *
   * @param stringify writes `data` that is not a string. @default JSON.stringify
   * @param isOneLine true if `stringify` writes no line breaks, so that its text is not searched for them. @default
   * true for `JSON.stringify`
   */
  encode(
    stringify: (value: unknown) => string | undefined = JSON.stringify,
    isOneLine: boolean = stringify === JSON.stringify,
  ): string {
    return (this.#text ??= this.#encode(stringify, isOneLine));
  }

  #encode(stringify: (value: unknown) => string | undefined, isOneLine: boolean): string {
    const data: unknown = this.#data;
    const text = typeof data === 'string' ? data : undefined;
    const json = data === undefined || text !== undefined ? undefined : jsonText(data, stringify);
    return encodeEvent({
      comment: this.#comment,
      id: this.#id,
      event: this.#event,
      retry: this.#retry,
      data: isOneLine ? text : (text ?? json),
      json: isOneLine ? json : undefined,
    });
  }

  /** Returns the fields of the event, for `JSON.stringify()`. */
  toJSON(): ServerSentEventInit<TData, TEvent> {
    const { comment, id, event, retry, data } = this;
    return { comment, id, event, retry, data };
  }

  /** Creates an event from a `MessageEvent` of Nest's `@Sse()` handlers. Its `type` becomes the `event`. */
  static fromMessageEvent({
    data,
    id,
    type,
    retry,
    comment,
  }: MessageEventLike): ServerSentEvent<unknown, string> {
    return new ServerSentEvent<unknown, string>({ data, id, event: type, retry, comment });
  }
}

function checkLine<TValue extends string>(field: string, value: TValue): TValue {
  if (typeof value !== 'string' || value.includes('\n') || value.includes('\r')) {
    throw new TypeError(
      `The "${field}" of an event must be a single line, got ${JSON.stringify(value)}. ` +
        'Send text with line breaks as "data".',
    );
  }
  return value;
}

function idText(id: string | number): string {
  // A template literal costs a third of `String()` for a number.
  return typeof id === 'number' ? `${id}` : checkId(String(id));
}

function checkId(id: string): string {
  if (id.includes('\0')) {
    throw new TypeError(
      `The "id" of an event must not contain NUL, got ${JSON.stringify(id)}. Clients ignore such an id.`,
    );
  }
  return checkLine('id', id);
}

function checkRetry(retry: number): number {
  if (!Number.isSafeInteger(retry) || retry < 0) {
    throw new TypeError(
      `The "retry" of an event must be a non-negative integer, in milliseconds, got ${retry}.`,
    );
  }
  return retry;
}

function jsonText(data: unknown, stringify: (value: unknown) => string | undefined): string {
  const text = stringify(data);
  if (text === undefined) {
    throw new TypeError(
      `The "data" of an event is a ${typeof data}, which JSON cannot represent. Send a value that it can.`,
    );
  }
  return text;
}
