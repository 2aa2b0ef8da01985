import { HttpException } from '@nestjs/common';
import type { JSONRPCId } from 'nestjs-responses';

export interface RPCExceptionDetails {
  /** The id of the request, or null without one. @default null */
  readonly id?: JSONRPCId;
  /** The HTTP status. Not 200 if the message was rejected as a whole. @default 200 */
  readonly statusCode?: number;
}

/** A JSON-RPC error. */
export class RPCException extends HttpException {
  readonly id: JSONRPCId;

  constructor(
    readonly code: number,
    message: string,
    { id = null, statusCode = 200 }: RPCExceptionDetails = {},
  ) {
    super(message, statusCode);
    this.id = id;
  }
}
