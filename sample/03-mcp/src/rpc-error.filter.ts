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

/** Answers every exception as an error of JSON-RPC. */
@Catch()
export class RPCErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(RPCErrorFilter.name);

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { code, message, id, status } = this.#errorOf(exception);
    const answer = new JSONRPCErrorResponse({ statusCode: code, message, id });
    // MCP asks for an HTTP error where a message is not accepted, which JSON-RPC by itself knows nothing of.
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
    // What the platform says of a body that is no JSON; whatever is refused here is an `RPCException`.
    return status === Number(HttpStatus.BAD_REQUEST)
      ? { code: codes.parseError, message: `Parse error: ${exception.message}`, id: null, status }
      : { code: codes.refused, message: exception.message, id: null, status };
  }
}
