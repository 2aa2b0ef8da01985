import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { HandlerParameter } from './handler-parameter.js';

/**
 * The id of the last event that a reconnecting client has seen: its `Last-Event-ID` header, decoded as UTF-8, or
 * undefined where it sends none or an empty one.
 *
 * Source: WHATWG HTML, 9.2.4 "The `Last-Event-ID` header".
 *
 * @publicApi
 */
export const LastEventId: HandlerParameter = createParamDecorator(
  (_data: undefined, context: ExecutionContext): string | undefined => {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>();
    const id = headers['last-event-id'];
    // Node hands out the bytes of a header as Latin-1.
    return typeof id === 'string' && id !== ''
      ? Buffer.from(id, 'latin1').toString('utf8')
      : undefined;
  },
);
