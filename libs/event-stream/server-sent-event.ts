import { encodeEvent } from './encode-event.js';

/** What an event is made of; every member is optional, but one must be there. */
export interface ServerSentEventInit<TData = unknown, TEvent extends string = string> {
  /** A string is sent as it is, line by line; anything else as JSON. */
  readonly data?: TData | undefined;
  /** The type of the event, a single line; clients take an event without one as `message`. */
  readonly event?: TEvent | undefined;
  /** What the client sends back as `Last-Event-ID` when it reconnects: a single line without NUL; a number is written out. */
  readonly id?: string | number | undefined;
  /** How long the client waits before it reconnects, in milliseconds: a non-negative integer. */
  readonly retry?: number | undefined;
  /** Text that clients ignore. An event of a comment alone is a heartbeat. */
  readonly comment?: string | undefined;
}

/** The shape of the `MessageEvent` that the handlers of Nest's `@Sse()` emit. */
export interface MessageEventLike {
  /** A string is sent as it is, line by line; anything else as JSON. */
  readonly data?: unknown;
  /** What the client sends back as `Last-Event-ID` when it reconnects. */
  readonly id?: string;
  /** The type of the event, the `event` of a `ServerSentEvent`. */
  readonly type?: string;
  /** How long the client waits before it reconnects, in milliseconds. */
  readonly retry?: number;
  /** Text that clients ignore. */
  readonly comment?: string;
}

/** Marks every event, so that one of a second loaded copy of this package is recognised too. */
const EVENT = Symbol.for('nestjs-responses:server-sent-event');

/** True for a `ServerSentEvent`, also for one of another loaded copy of this package. */
export function isServerSentEvent(value: unknown): value is ServerSentEvent {
  return (
    value instanceof ServerSentEvent ||
    (typeof value === 'object' && value !== null && EVENT in value)
  );
}

/**
 * One event of an event stream. It never changes, and is encoded once, however many clients it is sent to.
 *
 * Throws a `TypeError` for a field that would end its line early or that clients would ignore: CR or LF in `event`;
 * CR, LF or NUL in `id`; a `retry` that is no non-negative integer; an event without any field.
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
        'An event without a field says nothing to a client. Give it "data", "event", "id", "retry" or "comment".',
      );
    }
    this.#data = data;
    this.#event = event === undefined ? undefined : checkLine('event', event);
    this.#id = id === undefined ? undefined : idText(id);
    this.#retry = retry === undefined ? undefined : checkRetry(retry);
    this.#comment = comment === undefined ? undefined : String(comment);
  }

  /** What the event carries, as it was given: text, or what is written as JSON. */
  get data(): TData | undefined {
    return this.#data;
  }

  /** The type of the event; clients take one without it as `message`. */
  get event(): TEvent | undefined {
    return this.#event;
  }

  /** What the client sends back as `Last-Event-ID` when it reconnects. */
  get id(): string | undefined {
    return this.#id;
  }

  /** How long the client waits before it reconnects, in milliseconds. */
  get retry(): number | undefined {
    return this.#retry;
  }

  /** Text that clients ignore. */
  get comment(): string | undefined {
    return this.#comment;
  }

  /**
   * Returns the event as text, with the empty line that dispatches it. Computed on the first call.
   *
   * Throws what `stringify` throws, and a `TypeError` for `data` that JSON has no form for.
   *
   * @param stringify writes `data` that is not a string. @default JSON.stringify
   * @param isOneLine true if `stringify` writes no line breaks, so that its text is not searched for them. @default true
   * for `JSON.stringify`
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

  /** The fields of the event, where it stands in JSON. */
  toJSON(): ServerSentEventInit<TData, TEvent> {
    const { comment, id, event, retry, data } = this;
    return { comment, id, event, retry, data };
  }

  /** An event from what the handlers of Nest's `@Sse()` emit, whose `type` is the name of the event. */
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
  // A template is a third of the cost of `String()` for a number.
  return typeof id === 'number' ? `${id}` : checkId(String(id));
}

function checkId(id: string): string {
  if (id.includes('\0')) {
    throw new TypeError(
      `The "id" of an event must not hold NUL, got ${JSON.stringify(id)}: clients ignore such an id.`,
    );
  }
  return checkLine('id', id);
}

function checkRetry(retry: number): number {
  if (!Number.isSafeInteger(retry) || retry < 0) {
    throw new TypeError(
      `The "retry" of an event must be a non-negative integer of milliseconds, got ${retry}.`,
    );
  }
  return retry;
}

function jsonText(data: unknown, stringify: (value: unknown) => string | undefined): string {
  const text = stringify(data);
  if (text === undefined) {
    throw new TypeError(
      `JSON has no form for the "data" of an event, a ${typeof data}. Send a value that it has one for.`,
    );
  }
  return text;
}
