import {
  Catch,
  HttpException,
  HttpStatus,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { JSONRPCErrorResponse } from 'nestjs-responses';
import { codes } from './protocol.js';
import { RPCException } from './rpc.exception.js';

/** Answers every exception with a JSON-RPC error. */
@Catch()
export class RPCErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(RPCErrorFilter.name);

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { code, message, id, status } = this.#errorOf(exception);
    const answer = new JSONRPCErrorResponse({ statusCode: code, message, id });
    // MCP requires an HTTP error for a rejected message. JSON-RPC itself does not define one.
    answer.statusCode = status;
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), answer);
  }

  #errorOf(exception: unknown) {
    if (exception instanceof RPCException) {
      const { code, message, id } = exception;
      return { code, message, id, status: exception.getStatus() };
    }
    if (!(exception instanceof HttpException)) {
      this.#logger.error(exception);
      return { code: codes.internalError, message: 'Internal error', id: null, status: 500 };
    }
    const status = exception.getStatus();
    // The platform's error for a body that is not JSON. Errors of this application are `RPCException`s.
    return status === Number(HttpStatus.BAD_REQUEST)
      ? { code: codes.parseError, message: `Parse error: ${exception.message}`, id: null, status }
      : { code: codes.refused, message: exception.message, id: null, status };
  }
}
