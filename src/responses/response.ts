import { StreamableFile } from '@nestjs/common';
import { validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import type { Exchange } from '../exchange/exchange.js';
import type { Head } from '../exchange/header-store.js';
import { cookieKey, writeCookie, type CookieOptions } from './cookie.js';
import { isMediaType } from './media-type.js';
import type { DeliveryServices } from './services.js';

/** Describes a response that has been sent in full. */
export interface SentResponse {
  /** The status that was sent. For a file it may be 206, 304, 412 or 416. */
  readonly statusCode: number;
  /** True if the whole body was sent. False after `HEAD`, and after a 206, 304, 412 or 416 of a file. */
  readonly isWhole: boolean;
}

/**
 * A task that runs after the response has been sent in full. A failing task is logged and does not stop the others. A
 * stream has been sent in full if its source has ended and the client has received everything.
 */
export type BackgroundTask = (sent: SentResponse) => unknown;

/** Options of every response. */
export interface ResponseOptions {
  /** @default 200, or the class's own */
  readonly statusCode?: number;
  /** Replace headers of the same name that were set earlier. Cookies and `Vary` are added. @default none */
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** The `Content-Type`. `text/*` without a charset gets `; charset=utf-8`. @default the class's own */
  readonly mediaType?: string;
  /**
   * Run in order after the body has been sent in full. Not run if the client disconnects earlier, if the source of a
   * stream fails, or if the shutdown stops it.
   * @default none
   */
  readonly background?: BackgroundTask | readonly BackgroundTask[];
}

/** Marks every response, so that instances from a second loaded copy of this package are recognised. */
const RESPONSE = Symbol.for('nestjs-responses:response');

/** True for a `Response`, even from another loaded copy of this package. */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && RESPONSE in value;
}

/**
 * A typed response. Return it from a handler, an interceptor or an exception filter. Its status wins over
 * `@HttpCode()`, and its headers win over headers that were set earlier.
 *
 * It extends Nest's `StreamableFile`, because the interceptors of other packages pass those on unchanged, and because
 * Nest releases them if the client disconnects before they are sent.
 *
 * @publicApi
 */
export abstract class Response extends StreamableFile {
  static {
    Object.defineProperty(this.prototype, RESPONSE, { value: true });
  }

  /** The status of the response. Source: RFC 9110, section 15. */
  statusCode: number;
  /** The class's own media type. The option `mediaType` and a `Content-Type` header win over it. */
  declare readonly mediaType: string | undefined;
  /** Run in this order after the body has been sent in full. */
  readonly background: readonly BackgroundTask[];
  readonly #mediaTypeOption: string | undefined;
  #headers: Headers | undefined;

  /**
   * Throws a `RangeError` for an invalid status, and a `TypeError` for a header that cannot be written, for an invalid media
   * type, and for a cookie that is set twice.
   */
  constructor({ statusCode = 200, headers, mediaType, background = [] }: ResponseOptions = {}) {
    super(NOTHING);
    if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) {
      throw new RangeError(`A status code must be an integer from 100 to 599, got ${statusCode}.`);
    }
    if (mediaType !== undefined) {
      validateHeaderValue('Content-Type', mediaType);
      if (!isMediaType(mediaType)) {
        throw new TypeError(
          `The "mediaType" of a response must have a type and a subtype, e.g. "text/csv", got ${JSON.stringify(mediaType)}.`,
        );
      }
    }
    this.statusCode = statusCode;
    this.#mediaTypeOption = mediaType;
    if (headers) {
      this.#headers = new Headers(headers);
      checkCookies(this.#headers);
    }
    this.background = typeof background === 'function' ? [background] : [...background];
    if (!this.background.every((task) => typeof task === 'function')) {
      throw new TypeError(
        'The option "background" of a response must be a function or an array of functions.',
      );
    }
  }

  /** Headers of this response. Setting one that cannot be written (CR, LF, NUL) throws a `TypeError`. */
  get headers(): Headers {
    // Created on first use: most responses have no headers, and `Headers` costs more than the rest of a small one.
    return (this.#headers ??= new Headers());
  }

  /**
   * Sets a cookie. Replaces one of this response with the same name, domain and path. Throws a `TypeError` for a cookie that
   * cannot be written or that browsers would reject.
   */
  setCookie(name: string, value: string, options?: CookieOptions): this {
    const { headers } = this;
    const cookie = writeCookie(name, value, options);
    const earlier = headers.getSetCookie();
    if (earlier.length > 0) {
      const key = cookieKey(cookie);
      headers.delete('set-cookie');
      earlier
        .filter((other) => cookieKey(other) !== key)
        .forEach((other) => headers.append('set-cookie', other));
    }
    headers.append('set-cookie', cookie);
    return this;
  }

  /** Deletes a cookie in the browser. `path` and `domain` must match those it was set with. */
  deleteCookie(name: string, options?: CookieOptions): this {
    return this.setCookie(name, '', { ...options, maxAge: 0, expires: new Date(0) });
  }

  /**
   * True if items are missing from the body, although it may end properly: the source has failed, or the shutdown has
   * stopped it.
   *
   * @internal
   */
  get isPartial(): boolean {
    return false;
  }

  /**
   * Writes this response to the exchange. Resolves after the head has been written, and rejects only before that. The
   * response itself handles later failures.
   */
  abstract deliver(exchange: Exchange, services: DeliveryServices): void | Promise<void>;

  /** Returns the body for a platform that does not know this package. Starts nothing until it is read. */
  abstract override getStream(): Readable;

  /**
   * Returns the head for a platform that does not know this package.
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

  /** Throws: a response inside another value would send its fields instead of its body. */
  toJSON(): never {
    this.getStream().destroy();
    throw new TypeError(
      `A ${this.constructor.name} cannot be part of another value. Something has wrapped it, e.g. an interceptor that ` +
        'adds an envelope to return values. Let it pass on instances of StreamableFile, or return ' +
        'a plain value. In an exception filter, pass the response to httpAdapter.reply().',
    );
  }

  /** The head of the response. The user's headers win over `defaults`, those of the class. */
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

/** Throws a `TypeError` for a cookie that is set twice. Source: RFC 6265, section 4.1.1. */
function checkCookies(headers: Headers): void {
  const keys = headers.has('set-cookie') ? headers.getSetCookie().map(cookieKey) : [];
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) {
    const [name] = JSON.parse(twice) as [string];
    throw new TypeError(
      `"headers" sets the cookie "${name}" twice, for the same domain and path. Browsers keep the last one. Set it once.`,
    );
  }
}

/** Passed to `StreamableFile`, which needs a body. `getStream()` returns the real one. */
const NOTHING = {} as Readable;
