import { Logger } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { Exchange } from '../../exchange/exchange.js';
import { hasNoBody } from '../../exchange/header-store.js';
import {
  ChunkSink,
  feed,
  isStreamContent,
  LazyStream,
  release,
  type Chunk,
  type ChunkSinkOptions,
  type ChunkTarget,
  type StreamContent,
} from '../../../libs/streams/index.js';
import { isServerSentEvent } from '../../../libs/event-stream/index.js';
import type { DeclaredSerializer } from '../declared-serializer.js';
import { isJSONText, writeJSON } from '../json.js';
import { Response, type ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES, type DeliveryServices } from '../services.js';
import { declaredItemsOf, type ItemDeclaration } from './declared-items.js';
import { StreamObservation } from './stream-observation.js';

/** Parts of a streamed body around its items. Every member is optional. */
export interface StreamFrame {
  /** Headers of the class. The user's headers replace them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent before the first item. */
  readonly preamble?: string;
  /** Sent after the last item, once the source has ended without a failure. */
  readonly postamble?: string;
  /** Sent after each `interval` of silence, in milliseconds. */
  readonly heartbeat?: ChunkSinkOptions['heartbeat'];
  /** Encodes a failure of the source, sent before a proper end. Without it, the connection is closed. */
  readonly encodeFailure?: (error: unknown) => string;
}

const logger = new Logger('StreamingResponse');

/** A declared item that sends nothing. */
const NOTHING = Symbol('nothing');

/** Marks every streaming class, so that classes that extend a second loaded copy of this package are recognised. */
const STREAMING = Symbol.for('nestjs-responses:streaming-response');

/** True if the response class with this prototype sends items one by one. */
export function isStreamingPrototype(prototype: object): boolean {
  return STREAMING in prototype;
}

/**
 * Sends the head immediately, and each item as soon as its source produces it. Extend it and implement `encode()` to
 * write items in a format of your own.
 *
 * Sources other than an Observable are read only as fast as the client reads. Items that an Observable emits meanwhile
 * are buffered, up to `streams.maxBufferedBytes`. The source is stopped immediately if the client disconnects or the
 * application shuts down. If the source fails, the connection is closed without a proper end, so that the client can
 * tell the body is incomplete.
 *
 * @publicApi
 */
export abstract class StreamingResponse<TItem = unknown> extends Response {
  static {
    Object.defineProperty(this.prototype, STREAMING, { value: true });
  }

  /** The source of the items. */
  readonly content: StreamContent<TItem>;
  readonly #declaration: ItemDeclaration | undefined;
  #services: DeliveryServices = DEFAULT_SERVICES;
  #route = '';
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #isClaimed = false;
  /** True once the source has ended, false once it has failed or the shutdown has stopped it. The first one counts. */
  #isWhole: boolean | undefined;
  #stream: LazyStream | undefined;
  #stopSource = () => release(this.content, (error) => this.#logStopError(error));

  /**
   * Throws a `TypeError` if the content is not a source of items, e.g. if it is a string.
   *
   * @param declaration the schemas that the items must match @default none: they are sent as they are
   */
  constructor(
    content: StreamContent<TItem>,
    options?: ResponseOptions,
    declaration?: ItemDeclaration,
  ) {
    super(options);
    if (!isStreamContent(content)) {
      throw new TypeError(
        `A ${new.target.name} sends the items of an Observable, an iterable or a stream, got ${typeof content}. ` +
          'Put a single item into an array.',
      );
    }
    const declared = declaredItemsOf(content);
    this.content = (declared?.source ?? content) as StreamContent<TItem>;
    this.#declaration = declared?.declaration ?? declaration;
  }

  /** Encodes an item. An empty string sends nothing. If it throws, the stream fails. */
  abstract encode(item: TItem): string | Uint8Array;

  /**
   * Writes a value as JSON on a single line, with the module's `json.stringify`. Throws a `TypeError` if JSON cannot
   * represent the value.
   */
  protected stringify(value: unknown): string {
    return isJSONText(value) ? value.text : writeJSON(value, this.#services.stringifyLine);
  }

  /** Decodes a chunk of UTF-8. A split character is returned with the chunk that completes it. */
  protected decode(bytes: Uint8Array): string {
    this.#decoder ??= new TextDecoder();
    return this.#decoder.decode(bytes, { stream: true });
  }

  /**
   * True if `encode()` passes declared items to `stringify()` and does nothing else with them. It then gets them as
   * finished JSON text rather than as values. @default false
   */
  protected get writesJSON(): boolean {
    return false;
  }

  /**
   * Prepares a declared item for `encode()`: validates it and leaves out undeclared properties. For a
   * `ServerSentEvent`, returns only its data. `NOTHING` sends nothing. A promise also delays later items.
   *
   * @internal
   */
  protected prepare(
    item: TItem,
    { schema }: ItemDeclaration,
    serializer: DeclaredSerializer,
    route: string,
  ): unknown {
    if (schema === undefined) {
      return item;
    }
    const value: unknown = isServerSentEvent(item) ? item.data : item;
    if (isServerSentEvent(item) && value === undefined) {
      // e.g. a heartbeat.
      return NOTHING;
    }
    return this.writesJSON
      ? serializer.check(value, schema, route)
      : serializer.project(value, schema, { route });
  }

  /** Returns the parts of the body around the items. @default none */
  protected frame(_services: DeliveryServices): StreamFrame {
    return {};
  }

  /** @internal */
  override get isPartial(): boolean {
    return this.#isWhole === false;
  }

  override deliver(exchange: Exchange, services: DeliveryServices): void {
    this.#claim();
    try {
      this.#deliver(exchange, services);
    } catch (error) {
      this.#stop();
      throw error;
    }
  }

  #deliver(exchange: Exchange, services: DeliveryServices): void {
    if (exchange.isOver) {
      this.#stop();
      return;
    }
    const frame = this.frame(services);
    // Tells proxies not to buffer: by default, nginx holds back the head and some kilobytes of items.
    const head = this.head({ 'X-Accel-Buffering': 'no', ...frame.headers });
    if (hasNoBody(this.statusCode)) {
      this.#stop();
      exchange.send(head);
      return;
    }
    const target = exchange.open(head);
    if (exchange.method === 'HEAD') {
      this.#stop();
      target.end();
      return;
    }
    const { sendTimeout } = services.streams;
    const { route } = exchange;
    const observation = StreamObservation.open(exchange);
    let peer: ReturnType<Exchange['onSilence']>;
    const options = {
      isTaking: () => peer?.isTaking() ?? false,
      writesAhead: exchange.isCorked,
    };
    const sink = this.#write(target, frame, services, route, options, observation);
    if (sendTimeout !== false && !sink.isClosed) {
      peer = exchange.onSilence(sendTimeout, () => {
        // The body may have ended or been cut meanwhile.
        if (!sink.isClosed) {
          sink.close();
          observation?.cuts('vanished');
          this.#warn(`its system acknowledged nothing for ${sendTimeout} ms (streams.sendTimeout)`);
        }
      });
    }
    const hasEnded = services.onShutdown({
      route,
      end: () => {
        observation?.ends('shutdown');
        this.#isWhole ??= false;
        this.#stop();
        sink.end();
      },
      cut: () => {
        observation?.cuts('shutdown');
        target.destroy();
      },
    });
    exchange.onceOver(() => {
      hasEnded();
      peer?.stop();
      sink.close();
      this.#stop();
      observation?.close();
    });
  }

  override getStream(): Readable {
    if (this.#isClaimed && !this.#stream) {
      // The first delivery owns the source. This stream is for a second delivery, which fails when it is read.
      return new LazyStream(
        () => this.#claim(),
        () => undefined,
      );
    }
    let sink: ChunkSink | undefined;
    this.#stream ??= new LazyStream(
      (target) => {
        this.#claim();
        sink = this.#write(target, this.frame(DEFAULT_SERVICES), DEFAULT_SERVICES, 'a route');
      },
      () => {
        sink?.close();
        this.#stop();
      },
    );
    return this.#stream;
  }

  #claim(): void {
    if (this.#isClaimed) {
      throw new Error(
        `This ${this.constructor.name} has already been delivered, and its content can be read only once. ` +
          'Create a new one for each request.',
      );
    }
    this.#isClaimed = true;
  }

  #write(
    target: ChunkTarget,
    frame: StreamFrame,
    services: DeliveryServices,
    route: string,
    options?: Pick<ChunkSinkOptions, 'isTaking' | 'writesAhead'>,
    observation?: StreamObservation,
  ): ChunkSink {
    this.#services = services;
    this.#route = route;
    const sink = new ChunkSink(observation?.countBytes(target) ?? target, {
      maxBufferedBytes: services.streams.maxBufferedBytes,
      sendTimeout: services.streams.sendTimeout,
      ...options,
      heartbeat: frame.heartbeat,
      onOverrun: (reason) => {
        observation?.cuts('slow');
        this.#warn(reason);
        // A pipelined HTTP/1.1 response that waits for another one is not over until its turn.
        this.#stop();
      },
    });
    const fail = (error: unknown) => {
      this.#isWhole ??= false;
      observation?.fails(error);
      logger.error(`${route}: the source of a ${this.constructor.name} failed.`, stackOf(error));
      const report = this.#encodeFailure(error, frame);
      if (report === undefined) {
        sink.cut();
      } else {
        sink.push(report);
        sink.end();
      }
    };
    sink.push(frame.preamble ?? '');
    const encode = (item: TItem) => this.#encode(item);
    this.#stopSource = feed(this.content, sink, {
      encode: observation?.countItems(encode) ?? encode,
      onEnd: () => {
        try {
          const rest = this.#decoder?.decode();
          if (rest) {
            sink.push(this.encode(rest as TItem));
          }
          sink.push(frame.postamble ?? '');
        } catch (error) {
          fail(error);
          return;
        }
        observation?.ends('end');
        this.#isWhole ??= true;
        sink.end();
      },
      onError: fail,
      onStopError: (error) => this.#logStopError(error),
    });
    return sink;
  }

  /** Returns the text that reports a failure to the client, if the class defines one. */
  #encodeFailure(error: unknown, { encodeFailure }: StreamFrame): string | undefined {
    try {
      return encodeFailure?.(error);
    } catch (failure) {
      // E.g. an exception whose details JSON cannot represent.
      logger.error(
        `A ${this.constructor.name} could not report the failure to its client.`,
        stackOf(failure),
      );
      return undefined;
    }
  }

  #encode(item: TItem): Chunk | Promise<Chunk> {
    if (this.#declaration === undefined) {
      return this.encode(item);
    }
    const serializer = this.#services.serializer.as(this.#declaration.validation);
    const prepared = this.prepare(item, this.#declaration, serializer, this.#route);
    return prepared instanceof Promise
      ? this.#encodeLater(prepared)
      : this.#encodePrepared(prepared);
  }

  #encodePrepared(prepared: unknown): Chunk {
    return prepared === NOTHING ? '' : this.encode(prepared as TItem);
  }

  /** Separate from `#encode()`, which would otherwise create a closure for each item. */
  #encodeLater(prepared: Promise<unknown>): Promise<Chunk> {
    return prepared.then((settled) => this.#encodePrepared(settled));
  }

  #stop(): void {
    const stop = this.#stopSource;
    this.#stopSource = () => undefined;
    stop();
  }

  #warn(reason: string): void {
    logger.warn(
      `${this.#route}: the client does not read its ${this.constructor.name}, ${reason}.`,
    );
  }

  #logStopError(error: unknown): void {
    logger.error(
      `The source of a ${this.constructor.name} failed while it was stopped.`,
      stackOf(error),
    );
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
