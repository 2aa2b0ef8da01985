import { HttpException } from '@nestjs/common';

export interface InvalidRequestDetails {
  /** @default 400 */
  readonly statusCode?: number;
  /** The path of the invalid part of the request, e.g. `messages[0].role`. @default null */
  readonly param?: string | null;
  /** An error code for programs. @default null */
  readonly code?: string | null;
}

/** Thrown for an invalid request. Names the invalid part. */
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
