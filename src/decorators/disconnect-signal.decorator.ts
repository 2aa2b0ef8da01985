import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { disconnectSignal } from '../exchange/close-watch.js';
import { rawReply, type PlatformReply } from '../exchange/create-exchange.js';
import type { HandlerParameter } from './handler-parameter.js';

/**
 * An `AbortSignal` that aborts when the client leaves or the response is over, to hand on to what the handler starts,
 * e.g. `fetch(url, { signal })`.
 *
 * @publicApi
 */
export const DisconnectSignal: HandlerParameter = createParamDecorator(
  (_data: undefined, context: ExecutionContext): AbortSignal =>
    disconnectSignal(rawReply(context.switchToHttp().getResponse<PlatformReply>())),
);
