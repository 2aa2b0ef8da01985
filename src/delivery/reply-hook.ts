import type { AbstractHttpAdapter } from '@nestjs/core';
import type { PlatformReply } from '../exchange/create-exchange.js';
import { isResponse } from '../responses/response.js';
import type { ResponseSender } from './response-sender.js';

/** Makes what a handler returned what is sent, by what the route of this reply declares. */
export type MapValue = (value: unknown, reply: PlatformReply) => unknown;

/** Releases the response that the handler of this reply returned if the answer is another one. */
export type ReleaseReplaced = (reply: PlatformReply, answer: unknown) => void;

const hooked = new WeakSet<AbstractHttpAdapter>();

/**
 * Has `reply()` of an HTTP adapter send responses by `sender`, wherever they come from: a handler, an interceptor or an
 * exception filter. Anything else goes to the adapter as before.
 */
export function hookReply(
  adapter: AbstractHttpAdapter,
  sender: ResponseSender,
  mapValue: MapValue,
  releaseReplaced: ReleaseReplaced,
): void {
  // Two applications may share one adapter, and a test module is compiled more than once.
  if (hooked.has(adapter)) {
    return;
  }
  hooked.add(adapter);
  const reply = adapter.reply.bind(adapter);
  adapter.reply = (target: PlatformReply, body: unknown, ...status: [statusCode?: number]) => {
    // The router alone names a status of undefined. It awaits the reply, which nobody does for an exception filter's.
    const isRouter = status.length === 1 && status[0] === undefined;
    const answer = (value: unknown): unknown => {
      releaseReplaced(target, value);
      if (!isResponse(value)) {
        return reply(target, value, ...status);
      }
      return isRouter ? sender.send(target, value) : sender.sendUnawaited(target, value);
    };
    const mapped = isRouter ? mapValue(body, target) : body;
    // e.g. of an asynchronous Standard Schema.
    return mapped instanceof Promise ? mapped.then(answer) : answer(mapped);
  };
}
