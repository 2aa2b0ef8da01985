import { HttpException } from '@nestjs/common';
import type { JSONRPCId } from 'nestjs-responses';

export interface RPCExceptionDetails {
  /** That of the request; null where there is none. @default null */
  readonly id?: JSONRPCId;
  /** The HTTP status: another than 200 where the message was not accepted at all. @default 200 */
  readonly statusCode?: number;
}

/** An error as JSON-RPC tells it. */
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
