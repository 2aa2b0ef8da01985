import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** The body of an `APIErrorResponse`. An error may have further members beside these. */
export interface ErrorBody {
  /** A message, several messages, or any other value that JSON can represent. */
  readonly detail: unknown;
  /** The name of the exception's class, or null. */
  readonly error: string | null;
  /** The status of the response. */
  readonly status_code: number;
}

/** The parts of an error that a client may know. */
export interface PublicError {
  /** A message, several messages, or the whole body that was given to an `HttpException`. */
  readonly detail: unknown;
  readonly statusCode: number;
  /** The exception, if clients may know the name of its class. */
  readonly exception?: Error | undefined;
  /** Members beside the message, e.g. `errorCode`. @default none */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Writes an error as the body of an `APIErrorResponse`. An extension never replaces a member of `ErrorBody`. A detail that is
 * undefined is null.
 */
export function errorBody({
  detail = null,
  statusCode,
  exception,
  extensions,
}: PublicError): ErrorBody {
  const body = { detail, error: exception?.constructor.name ?? null, status_code: statusCode };
  return { ...body, ...extensions, ...body };
}

/**
 * Reduces an exception to the parts that a client may know: the status, message(s) and members of an `HttpException`.
 * Any other exception becomes a 500 without details, as does an `HttpException` with an invalid status.
 */
export function publicError(exception: unknown): PublicError {
  if (!(exception instanceof HttpException)) {
    return { detail: STATUS_CODES[500], statusCode: 500 };
  }
  const statusCode = validStatus(exception.getStatus());
  const response: unknown = exception.getResponse();
  if (response instanceof Error) {
    // E.g. `new UnauthorizedException(error)`. The message of that error was not written for clients.
    return { detail: STATUS_CODES[statusCode] ?? 'Error', statusCode, exception };
  }
  if (isObject(response) && 'message' in response) {
    const { message: detail, ...members } = response;
    return { detail, statusCode, exception, extensions: withoutNestMembers(members, statusCode) };
  }
  // A string, or a body without a message, which is sent as a whole.
  return { detail: response, statusCode, exception };
}

/** Returns the status if it is valid, otherwise 500. Source: RFC 9110, section 15. */
export function validStatus(status: unknown): number {
  return isStatus(status) ? status : 500;
}

/** True for an integer from 100 to 599. */
export function isStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 100 && (status as number) <= 599;
}

/** Leaves out the members that Nest adds to the body of an `HttpException`: the status and its phrase. */
export function withoutNestMembers(
  members: Readonly<Record<string, unknown>>,
  statusCode: number,
): Record<string, unknown> {
  const { statusCode: status, error, ...others } = members;
  // Nest and Node differ in case: "I'm a teapot", "I'm a Teapot".
  const isPhrase =
    typeof error === 'string' && error.toLowerCase() === STATUS_CODES[statusCode]?.toLowerCase();
  return {
    ...others,
    ...(status !== undefined && validStatus(status) !== statusCode && { statusCode: status }),
    ...(error !== undefined && !isPhrase && { error }),
  };
}

/** True for an object that is not an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
