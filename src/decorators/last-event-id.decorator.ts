import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { HandlerParameter } from './handler-parameter.js';

/**
 * Injects the id of the last event that a reconnecting client has received: its `Last-Event-ID` header, decoded as
 * UTF-8. Undefined if the header is missing or empty.
 *
 * Source: WHATWG HTML, 9.2.4 "The `Last-Event-ID` header".
 *
 * @publicApi
 */
export const LastEventId: HandlerParameter = createParamDecorator(
  (_data: undefined, context: ExecutionContext): string | undefined => {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>();
    const id = headers['last-event-id'];
    // Node decodes the bytes of a header as Latin-1.
    return typeof id === 'string' && id !== ''
      ? Buffer.from(id, 'latin1').toString('utf8')
      : undefined;
  },
);
