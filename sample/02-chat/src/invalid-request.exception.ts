import { HttpException } from '@nestjs/common';

export interface InvalidRequestDetails {
  /** @default 400 */
  readonly statusCode?: number;
  /** The path of what is wrong in the request, e.g. `messages[0].role`. @default null */
  readonly param?: string | null;
  /** A word for what is wrong, for programs. @default null */
  readonly code?: string | null;
}

/** A request that cannot be answered, and what of it is to blame. */
export class InvalidRequestException extends HttpException {
  readonly param: string | null;
  readonly code: string | null;

  constructor(
    message: string,
    { statusCode = 400, param = null, code = null }: InvalidRequestDetails = {},
  ) {
    super(message, statusCode);
    this.param = param;
    this.code = code;
  }
}
