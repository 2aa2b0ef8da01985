import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { JSONResponse } from 'nestjs-responses';
import type { ErrorBody } from './chat.schemas.js';
import { InvalidRequestException } from './invalid-request.exception.js';

/** Answers every exception in the format that OpenAI clients expect: `{ error: { message, type, param, code } }`. */
@Catch()
export class OpenAIErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(OpenAIErrorFilter.name);

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const answer = this.#answerTo(exception);
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), answer);
  }

  #answerTo(exception: unknown): JSONResponse<ErrorBody> {
    if (!(exception instanceof HttpException)) {
      this.#logger.error(exception);
      const message = 'The server failed to answer.';
      const error = { message, type: 'server_error', param: null, code: null };
      return new JSONResponse({ error }, { statusCode: 500 });
    }
    const { message } = exception;
    const { param, code } =
      exception instanceof InvalidRequestException ? exception : { param: null, code: null };
    const error = { message, type: 'invalid_request_error', param, code };
    return new JSONResponse({ error }, { statusCode: exception.getStatus() });
  }
}
