import { writeJSON } from '../json.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';
import { checkId, type JSONRPCId } from './json-rpc-response.js';

/** The error of a JSON-RPC response. Source: JSON-RPC 2.0, section 5.1. */
export interface JSONRPCError<TData = unknown> {
  /** An integer. -32768 to -32000 are reserved for the protocol. */
  readonly code: number;
  /** One sentence. */
  readonly message: string;
  /** More about the error. Left out if there is none. */
  readonly data?: TData;
}

/** The error that a `JSONRPCErrorResponse` sends. */
export interface JSONRPCErrorResponseInit<TData> extends Omit<ResponseOptions, 'statusCode'> {
  /** The JSON-RPC code, e.g. -32601 for an unknown method. The HTTP status is always 200. */
  readonly statusCode: number;
  /** One sentence that says what happened. */
  readonly message: string;
  /** More about the error. @default left out */
  readonly data?: TData;
  /** The id of the request, or null if it could not be read. @default null */
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
  /** The id of the request. */
  readonly id: JSONRPCId;

  /**
   * Throws a `RangeError` if the code is not an integer, and a `TypeError` for a message that is not a string and for an id
   * that is not a string, a number or null.
   */
  constructor({
    statusCode: code,
    message,
    data,
    id = null,
    ...options
  }: JSONRPCErrorResponseInit<TData>) {
    if (!Number.isInteger(code)) {
      throw new RangeError(`The code of a JSON-RPC error must be an integer, got ${code}.`);
    }
    if (typeof message !== 'string') {
      throw new TypeError(
        `The "message" of a JSON-RPC error must be a string, got ${typeof message}.`,
      );
    }
    super({ code, message, ...(data !== undefined && { data }) }, { ...options, statusCode: 200 });
    this.id = checkId(id);
  }

  render({ stringify } = DEFAULT_SERVICES): string {
    return writeJSON({ jsonrpc: '2.0', id: this.id, error: this.content }, stringify);
  }
}
