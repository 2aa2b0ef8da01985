import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { disconnectSignal } from '../exchange/close-watch.js';
import { rawReply, type PlatformReply } from '../exchange/create-exchange.js';
import type { HandlerParameter } from './handler-parameter.js';

/**
 * Injects an `AbortSignal` that aborts when the client disconnects or the response is over. Pass it to calls that the
 * handler makes, e.g. `fetch(url, { signal })`.
 *
 * @publicApi
 */
export const DisconnectSignal: HandlerParameter = createParamDecorator(
  (_data: undefined, context: ExecutionContext): AbortSignal =>
    disconnectSignal(rawReply(context.switchToHttp().getResponse<PlatformReply>())),
);
