import type { Readable } from 'node:stream';
import type { Response } from '../responses/response.js';

/** What `fetch()` gives. */
export interface FetchedResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): unknown } | null;
}

/** What `app.inject()` of Fastify gives, also with `payloadAsStream: true`. */
export interface InjectedResponse {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: number | string | string[] | undefined };
  readonly raw: { readonly res: { destroy(): unknown } };
  stream(): Readable;
}

/** What `request(server).get(path)` of supertest gives. */
export interface SupertestResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
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
