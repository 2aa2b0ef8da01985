import { encodeEvent, ServerSentEvent } from '../../../libs/event-stream/index.js';
import type { StreamContent } from '../../../libs/streams/index.js';
import { errorBody, publicError } from '../error-body.js';
import type { ResponseOptions } from '../response.js';
import type { DeliveryServices } from '../services.js';
import { StreamingResponse, type StreamFrame } from './streaming-response.js';

export interface ServerSentEventResponseOptions extends ResponseOptions {
  /**
   * Silence after which a comment is sent, in milliseconds, so that proxies keep the connection; `false`: none.
   *
   * @default the module's `eventStream.heartbeat`, 15_000
   */
  readonly heartbeat?: number | false;
  /**
   * How long the client waits before it reconnects, in milliseconds, told at the start of the stream.
   *
   * @default the module's `eventStream.retry`, none
   */
  readonly retry?: number;
}

/** A comment alone, which clients ignore. Source: WHATWG HTML, 9.2.7 "Authoring notes". */
const HEARTBEAT = encodeEvent({ comment: 'heartbeat' });

/**
 * Sends each item as an event: a `ServerSentEvent` as it is, a string or a chunk of bytes as its data, anything else as
 * JSON. A source that fails is told as an event `error` with the data `{ "detail", "error", "status_code" }`.
 *
 * Source: WHATWG HTML, 9.2 "Server-sent events".
 *
 * @publicApi
 */
export class ServerSentEventResponse<TItem = unknown> extends StreamingResponse<TItem> {
  override readonly mediaType: string = 'text/event-stream';
  readonly #heartbeat: number | false | undefined;
  readonly #retry: number | undefined;

  /** Throws a `TypeError` for a `heartbeat` or a `retry` that is no number of milliseconds. */
  constructor(
    content: StreamContent<TItem>,
    { heartbeat, retry, ...options }: ServerSentEventResponseOptions = {},
  ) {
    super(content, options);
    if (heartbeat !== undefined && heartbeat !== false && !(heartbeat > 0)) {
      throw new TypeError(
        `The "heartbeat" of an event stream is a positive number of milliseconds or false, got ${heartbeat}.`,
      );
    }
    this.#heartbeat = heartbeat;
    // Checked here, where it was given, rather than when the stream starts.
    this.#retry = retry === undefined ? undefined : new ServerSentEvent({ retry }).retry;
  }

  encode(item: TItem): string {
    if (item instanceof ServerSentEvent) {
      return item.encode((data) => this.stringify(data));
    }
    if (item instanceof Uint8Array) {
      const text = this.decode(item);
      return text && encodeEvent({ data: text });
    }
    return encodeEvent({ data: typeof item === 'string' ? item : this.stringify(item) });
  }

  protected override frame({ eventStream }: DeliveryServices): StreamFrame {
    const retry = this.#retry ?? eventStream.retry;
    const interval = this.#heartbeat ?? eventStream.heartbeat;
    return {
      headers: { 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no' },
      preamble: retry === undefined ? '' : encodeEvent({ retry }),
      heartbeat: interval === false ? undefined : { interval, text: HEARTBEAT },
      encodeFailure: (error) =>
        encodeEvent({ event: 'error', data: this.stringify(errorBody(publicError(error))) }),
    };
  }
}
