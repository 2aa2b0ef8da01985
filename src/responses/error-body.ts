import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** What a client is told of an error. */
export interface ErrorBody {
  /** What happened, in words or in any form that JSON has. */
  readonly detail: unknown;
  /** The name of the exception's class; null where that is nobody's business. */
  readonly error: string | null;
  readonly status_code: number;
}

/** What a client may know of an exception: the status and message(s) of an `HttpException`, nothing of any other. */
export function errorBody(exception: unknown): ErrorBody {
  if (!(exception instanceof HttpException)) {
    return { detail: STATUS_CODES[500], error: null, status_code: 500 };
  }
  return {
    detail: detailOf(exception),
    error: exception.name,
    status_code: exception.getStatus(),
  };
}

function detailOf(exception: HttpException): unknown {
  const response = exception.getResponse();
  if (response instanceof Error) {
    // e.g. `new UnauthorizedException(error)`, where the message is that of an error nobody wrote for clients.
    return STATUS_CODES[exception.getStatus()] ?? 'Error';
  }
  // The messages of a `ValidationPipe` are an array there.
  return typeof response === 'object' && 'message' in response
    ? response.message
    : exception.message;
}
