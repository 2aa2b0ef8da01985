import type { Readable } from 'node:stream';
import type { Response } from '../responses/response.js';

/** What `fetch()` gives. @publicApi */
export interface FetchedResponse {
  /** The status, e.g. 200. */
  readonly status: number;
  /** Of which the media type is asked. */
  readonly headers: {
    /** The value of a header, null where there is none. */
    get(name: string): string | null;
  };
  /** A web stream of bytes; null where there is no body. */
  readonly body: {
    /** What only a web stream has. */
    getReader(): unknown;
  } | null;
}

/** What `app.inject()` of Fastify gives, also with `payloadAsStream: true`. @publicApi */
export interface InjectedResponse {
  /** The status, e.g. 200. */
  readonly statusCode: number;
  /** By their names in lower case. */
  readonly headers: { readonly [name: string]: number | string | string[] | undefined };
  /** What Fastify was handed for a request. */
  readonly raw: {
    /** The reply as the application sees it. */
    readonly res: {
      /** Tells the application that nobody reads on. */
      destroy(): unknown;
    };
  };
  /** The body. */
  stream(): Readable;
}

/** What `request(server).get(path)` of supertest gives. @publicApi */
export interface SupertestResponse {
  /** The status, e.g. 200. */
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** The whole of the body. */
  readonly text: string;
}

/**
 * A response as a test has it in hand: of `fetch()`, of `app.inject()`, of supertest, an `IncomingMessage` or any other
 * `Readable` of the body, or a `Response` of this package that a handler returned without a server.
 *
 * @publicApi
 */
export type StreamedResponse =
  Response | FetchedResponse | InjectedResponse | SupertestResponse | Readable;
