import { StreamableFile } from '@nestjs/common';
import { validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import type { Exchange } from '../exchange/exchange.js';
import type { Head } from '../exchange/header-store.js';
import { writeCookie, type CookieOptions } from './cookie.js';
import type { DeliveryServices } from './services.js';

/** Work that is done once the body has been sent in full. A task that fails is logged, and stops no other. */
export type BackgroundTask = () => unknown;

/** What every response can be given. */
export interface ResponseOptions {
  /** @default 200, or the class's own */
  readonly statusCode?: number;
  /** Set on top of those that were set before; cookies and `Vary` add up. @default none */
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** The `Content-Type`; one of `text/*` without a charset gets `; charset=utf-8`. @default the class's own */
  readonly mediaType?: string;
  /** Run in order once the body has been sent in full; not run where the client left before. @default none */
  readonly background?: BackgroundTask | readonly BackgroundTask[];
}

/** Marks every response, so that one of a second loaded copy of this package is recognised too. */
const RESPONSE = Symbol.for('nestjs-responses:response');

/** True for a `Response`, also for one of another loaded copy of this package. */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && RESPONSE in value;
}

/**
 * A typed answer: what a handler, an interceptor or an exception filter returns, and what writes itself to the wire.
 * It is the whole answer: its status wins over `@HttpCode()`, its headers over those set before.
 *
 * It extends Nest's `StreamableFile`, which the interceptors of the ecosystem leave alone, and which Nest releases when
 * the client has left before it is sent.
 *
 * @publicApi
 */
export abstract class Response extends StreamableFile {
  static {
    Object.defineProperty(this.prototype, RESPONSE, { value: true });
  }

  /** The status of the answer. Source: RFC 9110, section 15. */
  statusCode: number;
  /** The class's own media type; a `mediaType` option and a `Content-Type` header win over it. */
  declare readonly mediaType: string | undefined;
  /** What is run, in this order, once the body has been sent in full. */
  readonly background: readonly BackgroundTask[];
  readonly #mediaTypeOption: string | undefined;
  #headers: Headers | undefined;

  /** Throws a `RangeError` for a status that is none, and a `TypeError` for a header that cannot be written. */
  constructor({ statusCode = 200, headers, mediaType, background = [] }: ResponseOptions = {}) {
    super(NOTHING);
    if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) {
      throw new RangeError(`A status code is an integer from 100 to 599, got ${statusCode}.`);
    }
    if (mediaType !== undefined) {
      validateHeaderValue('Content-Type', mediaType);
    }
    this.statusCode = statusCode;
    this.#mediaTypeOption = mediaType;
    this.#headers = headers && new Headers(headers);
    this.background = typeof background === 'function' ? [background] : [...background];
    if (!this.background.every((task) => typeof task === 'function')) {
      throw new TypeError('A background task is a function, or an array of them.');
    }
  }

  /** Headers of this answer. Setting one that cannot be written (CR, LF, NUL) throws a `TypeError`. */
  get headers(): Headers {
    // Made on first use, as most responses have none and it costs more than the rest of a small one.
    return (this.#headers ??= new Headers());
  }

  /** Adds a cookie to the answer; throws a `TypeError` for one that cannot be written or that browsers would refuse. */
  setCookie(name: string, value: string, options?: CookieOptions): this {
    this.headers.append('set-cookie', writeCookie(name, value, options));
    return this;
  }

  /** Has the client drop a cookie: `path` and `domain` must be those that it was set with. */
  deleteCookie(name: string, options?: CookieOptions): this {
    return this.setCookie(name, '', { ...options, maxAge: 0, expires: new Date(0) });
  }

  /**
   * Writes this response to the exchange. Settles once the head is on its way; rejects only before that. What goes
   * wrong later is the response's own to tell the client.
   */
  abstract deliver(exchange: Exchange, services: DeliveryServices): void | Promise<void>;

  /** The body for a platform that does not know this package; it starts nothing until it is read. */
  abstract override getStream(): Readable;

  /**
   * The head for a platform that does not know this package.
   *
   * @internal
   */
  override getHeaders(): { type: string; disposition: string | undefined; length: undefined } {
    return {
      type: this.contentType() ?? 'application/octet-stream',
      disposition: undefined,
      length: undefined,
    };
  }

  /** A response inside another value is a mistake, which would send its fields instead of its body. */
  toJSON(): never {
    this.getStream().destroy();
    throw new TypeError(
      `A ${this.constructor.name} cannot be part of another value: something has wrapped it, e.g. an interceptor that ` +
        'puts what handlers return into an envelope. Have it pass on what is an instance of StreamableFile, or return ' +
        'a plain value. An exception filter hands it to httpAdapter.reply().',
    );
  }

  /** The head of the answer; `defaults` are headers of the class that give way to the user's. */
  protected head(defaults?: Readonly<Record<string, string>>): Head {
    return {
      statusCode: this.statusCode,
      contentType: this.#headers?.has('content-type') ? undefined : this.contentType(),
      headers: this.#headers,
      defaults,
    };
  }

  private contentType(): string | undefined {
    const mediaType = this.#mediaTypeOption ?? this.mediaType;
    const isBareText =
      mediaType && /^text\/(?!event-stream\s*(;|$))(?!.*charset=)/i.test(mediaType);
    return isBareText ? `${mediaType}; charset=utf-8` : mediaType;
  }
}

/** What `StreamableFile` is given, as it reads its body from elsewhere (see `getStream()`). */
const NOTHING = {} as Readable;
