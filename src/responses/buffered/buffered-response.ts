import { Readable } from 'node:stream';
import type { Exchange } from '../../exchange/exchange.js';
import { hasNoBody } from '../../exchange/header-store.js';
import { Response } from '../response.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES, type DeliveryServices } from '../services.js';

/** A whole body. Text is sent as UTF-8, undefined is no body. */
export type RenderedBody = string | Uint8Array | undefined;

/**
 * A response whose body is rendered as a whole and sent in one write, with its `Content-Length`. It can be a constant
 * that is sent many times.
 *
 * @publicApi
 */
export abstract class BufferedResponse<TContent = unknown> extends Response {
  /** The value to render. */
  readonly content: TContent;

  constructor(content: TContent, options?: ResponseOptions) {
    super(options);
    this.content = content;
  }

  /** Returns the body. Called when the response is delivered. Errors that it throws go to the exception filters. */
  abstract render(
    services?: DeliveryServices,
    exchange?: Exchange,
  ): RenderedBody | Promise<RenderedBody>;

  override deliver(exchange: Exchange, services: DeliveryServices): void | Promise<void> {
    // A client would read content after 205 as the next response. Source: RFC 9110, section 15.3.6.
    if (hasNoBody(this.statusCode) || this.statusCode === 205) {
      return exchange.send(this.head());
    }
    const body = this.render(services, exchange);
    return body instanceof Promise
      ? body.then((settled) => exchange.send(this.head(), settled))
      : exchange.send(this.head(), body);
  }

  override getStream(): Readable {
    return Readable.from(this.#read());
  }

  async *#read(): AsyncGenerator<string | Uint8Array> {
    const body = await this.render(DEFAULT_SERVICES);
    if (body !== undefined) {
      yield body;
    }
  }
}
