import { Catch, Inject, IntrinsicException, Logger, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { APIErrorResponse } from '../responses/buffered/api-error-response.js';
import { publicError, type PublicError } from '../responses/error-body.js';

/**
 * Answers every exception of an HTTP request as an `APIErrorResponse`: an `HttpException` with its status and its
 * message(s), an error of the platform (e.g. a body that is too large) with its own, any other as a 500 that says
 * "Internal Server Error" and is logged with its stack. Headers that were set before stay.
 *
 * For the whole application by the module's option `errors`, or where it is put by `@UseFilters()`.
 *
 * @publicApi
 */
@Catch()
export class APIErrorFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('ExceptionsHandler');
  readonly #adapterHost: HttpAdapterHost;

  constructor(@Inject(HttpAdapterHost) adapterHost: HttpAdapterHost) {
    super();
    this.#adapterHost = adapterHost;
  }

  /** Throws the exceptions of other kinds of requests (GraphQL, microservices) again. */
  override catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() !== 'http') {
      throw exception;
    }
    const error = this.#publicError(exception);
    if (error.exception === undefined && !(exception instanceof IntrinsicException)) {
      this.#logger.error(exception);
    }
    const { httpAdapter } = this.#adapterHost;
    const reply: unknown = host.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(reply)) {
      httpAdapter.end(reply);
    } else {
      httpAdapter.reply(reply, new APIErrorResponse(error));
    }
  }

  #publicError(exception: unknown): PublicError {
    if (this.isHttpError(exception)) {
      return { detail: this.getHttpErrorMessage(exception), statusCode: exception.statusCode };
    }
    return publicError(exception);
  }
}
