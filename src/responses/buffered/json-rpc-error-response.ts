import { writeJSON } from '../json.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';
import type { JSONRPCId } from './json-rpc-response.js';

/** The error of a JSON-RPC answer. Source: JSON-RPC 2.0, section 5.1. */
export interface JSONRPCError<TData = unknown> {
  /** An integer; -32768 to -32000 are reserved for the protocol. */
  readonly code: number;
  /** One sentence. */
  readonly message: string;
  /** More about the error; left out where there is none. */
  readonly data?: TData;
}

/** What a `JSONRPCErrorResponse` is made of. */
export interface JSONRPCErrorResponseInit<TData> extends Omit<ResponseOptions, 'statusCode'> {
  /** The code of JSON-RPC, e.g. -32601 for an unknown method; the HTTP status is 200 all the same. */
  readonly statusCode: number;
  /** What happened: one sentence. */
  readonly message: string;
  /** More about the error. @default left out */
  readonly data?: TData;
  /** That of the request; null where it could not be read. @default null */
  readonly id?: JSONRPCId;
}

/**
 * Answers a JSON-RPC request with an error, always under HTTP 200.
 *
 * Source: JSON-RPC 2.0, section 5.1.
 *
 * @publicApi
 */
export class JSONRPCErrorResponse<TData = unknown> extends BufferedResponse<JSONRPCError<TData>> {
  override readonly mediaType: string = 'application/json';
  /** That of the request. */
  readonly id: JSONRPCId;

  /** Throws a `RangeError` for a code that is no integer. */
  constructor({
    statusCode: code,
    message,
    data,
    id = null,
    ...options
  }: JSONRPCErrorResponseInit<TData>) {
    if (!Number.isInteger(code)) {
      throw new RangeError(`The code of a JSON-RPC error is an integer, got ${code}.`);
    }
    super({ code, message, ...(data !== undefined && { data }) }, { ...options, statusCode: 200 });
    this.id = id;
  }

  render({ stringify } = DEFAULT_SERVICES): string {
    return writeJSON({ jsonrpc: '2.0', id: this.id, error: this.content }, stringify);
  }
}
