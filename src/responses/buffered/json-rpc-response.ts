import { writeJSON } from '../json.js';
import type { ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';

/** Identifies a request. The client chooses it. */
export type JSONRPCId = string | number | null;

/** The result that a `JSONRPCResponse` sends. */
export interface JSONRPCResponseInit<TResult> extends Omit<ResponseOptions, 'statusCode'> {
  /** The return value of the method. @default null */
  readonly result?: TResult;
  /** The id of the request, or null if it could not be read. @default null */
  readonly id?: JSONRPCId;
}

/**
 * Answers a JSON-RPC request with its result, always under HTTP 200.
 *
 * Source: JSON-RPC 2.0, section 5.
 *
 * @publicApi
 */
export class JSONRPCResponse<TResult = unknown> extends BufferedResponse<TResult | null> {
  override readonly mediaType: string = 'application/json';
  /** The id of the request. */
  readonly id: JSONRPCId;

  /** Throws a `TypeError` for an id that is not a string, a number or null. */
  constructor({ result, id = null, ...options }: JSONRPCResponseInit<TResult> = {}) {
    super(result ?? null, { ...options, statusCode: 200 });
    this.id = checkId(id);
  }

  render({ stringify } = DEFAULT_SERVICES): string {
    return writeJSON({ jsonrpc: '2.0', id: this.id, result: this.content }, stringify);
  }
}

/** Returns an id as it is. Throws a `TypeError` for one that JSON-RPC does not allow. Source: JSON-RPC 2.0, section 5. */
export function checkId(id: JSONRPCId): JSONRPCId {
  if (id !== null && typeof id !== 'string' && !Number.isFinite(id)) {
    throw new TypeError(
      `The "id" of a JSON-RPC response must be the id of the request: a string, a number or null, got ${typeof id}.`,
    );
  }
  return id;
}
