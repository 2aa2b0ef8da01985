import type { AbstractHttpAdapter } from '@nestjs/core';
import type { PlatformReply } from '../exchange/create-exchange.js';
import { isResponse } from '../responses/response.js';
import type { ResponseSender } from './response-sender.js';

/** Maps the return value of a handler to the value to send, according to the declarations of its route. */
export type MapValue = (value: unknown, reply: PlatformReply) => unknown;

/** Releases the response that the handler returned if a different value is sent. */
export type ReleaseReplaced = (reply: PlatformReply, answer: unknown) => void;

const hooked = new WeakSet<AbstractHttpAdapter>();

/**
 * Wraps the `reply()` of an HTTP adapter so that `sender` sends each response, returned by a handler, an interceptor or
 * an exception filter. Other values go to the adapter unchanged.
 */
export function hookReply(
  adapter: AbstractHttpAdapter,
  sender: ResponseSender,
  mapValue: MapValue,
  releaseReplaced: ReleaseReplaced,
): void {
  // Two applications may share an adapter, and a test module may be compiled more than once.
  if (hooked.has(adapter)) {
    return;
  }
  hooked.add(adapter);
  const reply = adapter.reply.bind(adapter);
  adapter.reply = (target: PlatformReply, body: unknown, ...status: [statusCode?: number]) => {
    // Only the router passes a status of undefined, and only the router awaits the reply. Exception filters do not.
    const isRouter = status.length === 1 && status[0] === undefined;
    const answer = (value: unknown): unknown => {
      releaseReplaced(target, value);
      if (!isResponse(value)) {
        return reply(target, value, ...status);
      }
      return isRouter ? sender.send(target, value) : sender.sendUnawaited(target, value);
    };
    const mapped = isRouter ? mapValue(body, target) : body;
    // E.g. from an asynchronous Standard Schema.
    return mapped instanceof Promise ? mapped.then(answer) : answer(mapped);
  };
}
