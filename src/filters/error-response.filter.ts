import {
  HttpException,
  Inject,
  IntrinsicException,
  Logger,
  type ArgumentsHost,
} from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { isStatus, publicError, validStatus, type PublicError } from '../responses/error-body.js';
import type { Response } from '../responses/response.js';

/**
 * Answers every exception of an HTTP request with a response. Keeps headers that were set before the failure. Logs the
 * stack of exceptions whose details are hidden from clients.
 */
export abstract class ErrorResponseFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('ExceptionsHandler');
  readonly #adapterHost: HttpAdapterHost;

  constructor(@Inject(HttpAdapterHost) adapterHost: HttpAdapterHost) {
    super();
    this.#adapterHost = adapterHost;
  }

  /** Creates the response to an error. */
  protected abstract respond(error: PublicError): Response;

  /**
   * Answers an exception. Answers a message of a microservice as Nest does, and rethrows the exceptions of other requests
   * (GraphQL).
   */
  override catch(exception: unknown, host: ArgumentsHost): void | Observable<never> {
    const type = host.getType<string>();
    if (type === 'rpc') {
      return this.#refuseMessage(exception);
    }
    if (type !== 'http') {
      throw exception;
    }
    const error = this.#publicError(exception);
    if (isUnexpected(exception, error)) {
      this.#logger.error(exception);
    }
    const { httpAdapter } = this.#adapterHost;
    const reply: unknown = host.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(reply)) {
      httpAdapter.end(reply);
    } else {
      httpAdapter.reply(reply, this.respond(error));
    }
  }

  /** Hides the message of every exception but an `RpcException`. */
  #refuseMessage(exception: unknown): Observable<never> {
    const status = 'error';
    if (!isRpcException(exception)) {
      if (!(exception instanceof IntrinsicException)) {
        this.#logger.error(exception);
      }
      return throwError(() => ({ status, message: 'Internal server error' }));
    }
    const error = exception.getError();
    return throwError(() => (typeof error === 'string' ? { status, message: error } : error));
  }

  #publicError(exception: unknown): PublicError {
    // An error of the platform, e.g. a body that is too large.
    if (!(exception instanceof HttpException) && this.isHttpError(exception)) {
      const { statusCode } = exception as { statusCode: unknown };
      if (isStatus(statusCode)) {
        return { detail: this.getHttpErrorMessage(exception), statusCode: validStatus(statusCode) };
      }
    }
    return publicError(exception);
  }
}

/** The package of microservices is not a dependency: an `RpcException` is recognised by its method. */
function isRpcException(exception: unknown): exception is { getError(): string | object } {
  return (
    exception instanceof Error &&
    'getError' in exception &&
    typeof exception.getError === 'function'
  );
}

/** True for an exception that is not meant for clients, or whose status is invalid. */
function isUnexpected(exception: unknown, { exception: known }: PublicError): boolean {
  if (exception instanceof HttpException) {
    return !isStatus(exception.getStatus());
  }
  return known === undefined && !(exception instanceof IntrinsicException);
}
