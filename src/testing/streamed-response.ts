import type { Readable } from 'node:stream';
import type { Response } from '../responses/response.js';

/** A response of `fetch()`. @publicApi */
export interface FetchedResponse {
  /** The status, e.g. 200. */
  readonly status: number;
  /** The headers, used for the media type. */
  readonly headers: {
    /** Returns the value of a header, or null if it is missing. */
    get(name: string): string | null;
  };
  /** A web stream of bytes, or null without a body. */
  readonly body: {
    /** Only web streams have this method. */
    getReader(): unknown;
  } | null;
}

/** A response of Fastify's `app.inject()`, also with `payloadAsStream: true`. @publicApi */
export interface InjectedResponse {
  /** The status, e.g. 200. */
  readonly statusCode: number;
  /** The headers, by lower-case name. */
  readonly headers: { readonly [name: string]: number | string | string[] | undefined };
  /** The request and the reply that Fastify received. */
  readonly raw: {
    /** The reply on the application's side. */
    readonly res: {
      /** Tells the application that reading has stopped. */
      destroy(): unknown;
    };
  };
  /** The body. */
  stream(): Readable;
}

/** A response of supertest, e.g. of `request(server).get(path)`. @publicApi */
export interface SupertestResponse {
  /** The status, e.g. 200. */
  readonly status: number;
  /** The headers, by lower-case name. */
  readonly headers: { readonly [name: string]: string };
  /** The whole body. */
  readonly text: string;
}

/**
 * A response in a test: of `fetch()`, `app.inject()` or supertest, an `IncomingMessage` or any other `Readable` of the
 * body, or a `Response` of this package that a handler returned without a server.
 *
 * @publicApi
 */
export type StreamedResponse =
  Response | FetchedResponse | InjectedResponse | SupertestResponse | Readable;
