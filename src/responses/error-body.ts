import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** The body of an error. */
export interface ErrorBody {
  /** What happened, in words or in any form that JSON has. */
  readonly detail: unknown;
  /** The name of the exception's class, or null. */
  readonly error: string | null;
  /** The status of the answer. */
  readonly status_code: number;
}

/** An error as a client may know it. */
export interface PublicError {
  readonly detail: unknown;
  readonly statusCode: number;
  /** The exception, where the name of its class may be known. */
  readonly exception?: Error | undefined;
}

/** Writes an error as the body that all errors share. */
export function errorBody({ detail, statusCode, exception }: PublicError): ErrorBody {
  return { detail, error: exception?.constructor.name ?? null, status_code: statusCode };
}

/** What a client may know of an exception: status and message(s) of an `HttpException`, nothing of any other. */
export function publicError(exception: unknown): PublicError {
  return exception instanceof HttpException
    ? { detail: detailOf(exception), statusCode: exception.getStatus(), exception }
    : { detail: STATUS_CODES[500], statusCode: 500 };
}

function detailOf(exception: HttpException): unknown {
  const response = exception.getResponse();
  if (response instanceof Error) {
    // e.g. `new UnauthorizedException(error)`: nobody wrote the message of that error for clients.
    return STATUS_CODES[exception.getStatus()] ?? 'Error';
  }
  if (typeof response === 'string') {
    return response;
  }
  // e.g. the messages of a `ValidationPipe`, an array; or a body of the user's own, of which nothing is lost.
  return 'message' in response ? response.message : response;
}
