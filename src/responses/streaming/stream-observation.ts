import { channel } from 'node:diagnostics_channel';
import type { Exchange } from '../../exchange/exchange.js';
import type { Chunk, ChunkTarget } from '../../../libs/streams/index.js';

/**
 * Why a stream was closed.
 *
 * - `'end'`: the source ended, and the whole body was sent
 * - `'client'`: the client disconnected first
 * - `'error'`: the source failed, or an item could not be encoded
 * - `'slow'`: the client did not read (`streams.maxBufferedBytes`, `streams.sendTimeout`)
 * - `'vanished'`: the client's system acknowledged nothing (`streams.sendTimeout`)
 * - `'shutdown'`: the application shut down
 *
 * @publicApi
 */
export type StreamCloseReason = 'end' | 'client' | 'error' | 'slow' | 'vanished' | 'shutdown';

/**
 * One streamed response: the message on the diagnostics channel `nestjs-responses:stream:open`. Its figures are always
 * up to date. The same object is published again when the stream closes.
 *
 * @publicApi
 */
export interface StreamReport {
  /** The method and the declared path of the route, e.g. `GET /runs/:id/events`. */
  readonly route: string;
  /** The `Content-Type` of the response. */
  readonly mediaType: string;
  /**
   * The number of items that were encoded for the client. It may not have received the last ones if it disconnected.
   */
  readonly items: number;
  /** The number of body bytes written so far, before any compression, including heartbeats. */
  readonly bytes: number;
  /** Milliseconds from the head of the response to its close. Undefined while the stream is open. */
  readonly duration: number | undefined;
  /** Undefined while the stream is open. */
  readonly reason: StreamCloseReason | undefined;
  /** What the source threw, if the reason is `'error'`. Undefined otherwise. */
  readonly error: unknown;
}

/** The message on the diagnostics channel `nestjs-responses:stream:close`. @publicApi */
export interface ClosedStreamReport extends StreamReport {
  /** Milliseconds from the head of the response to its close. */
  readonly duration: number;
  readonly reason: StreamCloseReason;
}

type MutableReport = { -readonly [TKey in keyof StreamReport]: StreamReport[TKey] };

const opened = channel('nestjs-responses:stream:open');
const closed = channel('nestjs-responses:stream:close');

/** Counts a stream for the subscribers of the two diagnostics channels. */
export class StreamObservation {
  readonly #exchange: Exchange;
  readonly #report: MutableReport;
  readonly #start = performance.now();
  #isSent = false;

  private constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.#report = {
      route: exchange.route,
      mediaType: String(exchange.headers.get('content-type') ?? ''),
      items: 0,
      bytes: 0,
      duration: undefined,
      reason: undefined,
      error: undefined,
    };
    exchange.onceSent(() => {
      this.#isSent = true;
    });
  }

  /** Publishes that a stream has opened. Returns undefined, and counts nothing, if there are no subscribers. */
  static open(exchange: Exchange): StreamObservation | undefined {
    if (!opened.hasSubscribers && !closed.hasSubscribers) {
      return undefined;
    }
    const observation = new StreamObservation(exchange);
    opened.publish(observation.#report);
    return observation;
  }

  /** Counts the bytes that are written to a target. */
  countBytes(target: ChunkTarget): ChunkTarget {
    const report = this.#report;
    return {
      write: (chunk, onWritten) => {
        report.bytes += Buffer.byteLength(chunk);
        return target.write(chunk, onWritten);
      },
      end: (onFinished) => target.end(onFinished),
      destroy: () => target.destroy(),
      on: (event, listener) => target.on(event, listener),
      off: (event, listener) => target.off(event, listener),
      flushHeaders: () => target.flushHeaders?.(),
      flush: () => target.flush?.(),
    };
  }

  /** Counts encoded items. Items that send nothing do not count. */
  countItems<TItem>(
    encode: (item: TItem) => Chunk | Promise<Chunk>,
  ): (item: TItem) => Chunk | Promise<Chunk> {
    const count = (chunk: Chunk) => {
      if (chunk.length > 0) {
        this.#report.items += 1;
      }
      return chunk;
    };
    return (item) => {
      const chunk = encode(item);
      return chunk instanceof Promise ? chunk.then(count) : count(chunk);
    };
  }

  /** Records why the body ends. The first reason counts. */
  ends(reason: StreamCloseReason): void {
    this.#report.reason ??= reason;
  }

  /** Records that the source has failed. */
  fails(error: unknown): void {
    // A source that reacts to the disconnect may fail before the response notices it.
    this.ends(this.#exchange.isOver ? 'client' : 'error');
    if (this.#report.reason === 'error') {
      this.#report.error ??= error;
    }
  }

  /** Records why the connection is closed, even if the source has ended but the client has not read everything. */
  cuts(reason: StreamCloseReason): void {
    if (this.#report.reason === 'end') {
      this.#report.reason = reason;
    }
    this.ends(reason);
  }

  /** Publishes that the stream is closed. */
  close(): void {
    if (!this.#isSent) {
      this.cuts('client');
    }
    this.ends('client');
    this.#report.duration = performance.now() - this.#start;
    closed.publish(this.#report);
  }
}
