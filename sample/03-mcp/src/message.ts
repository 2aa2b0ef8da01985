import { StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { codes } from './protocol.js';
import { RPCException } from './rpc.exception.js';

const jsonrpc = z.literal('2.0');
const id = z.union([z.string(), z.int()]);
const params = z.record(z.string(), z.unknown()).optional();

const request = z.object({ jsonrpc, id, method: z.string(), params }).meta({ id: 'Request' });

const notification = z
  .object({ jsonrpc, id: z.never().optional(), method: z.string(), params })
  .meta({ id: 'Notification' });

const answer = z
  .object({ jsonrpc, id, result: z.unknown().optional(), error: z.unknown().optional() })
  .meta({ id: 'Answer' });

/** A message from a client. Batches are no longer part of the protocol. */
export const clientMessage = z.union([request, notification, answer]);

export type RPCRequest = z.infer<typeof request>;
export type RPCNotification = z.infer<typeof notification>;
export type ClientMessage = z.infer<typeof clientMessage>;

/** Validates the body. Anything else is an invalid request. */
export const readMessage = new StandardSchemaValidationPipe({
  exceptionFactory: () =>
    new RPCException(
      codes.invalidRequest,
      'Invalid Request: the body must be one JSON-RPC 2.0 request, notification or response.',
      { statusCode: 400 },
    ),
});

/** Validates the params of a request. Throws an `RPCException` that names the first invalid one. */
export function readParams<TParams extends z.ZodType>(
  schema: TParams,
  { id: requestId, params: given = {} }: RPCRequest,
): z.infer<TParams> {
  const { data, error } = schema.safeParse(given);
  if (error) {
    throw new RPCException(codes.invalidParams, `Invalid params: ${explain(error)}`, {
      id: requestId,
    });
  }
  return data;
}

/** Formats the issues, each with its path. */
export function explain({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `"${path.join('.')}": ${message}.`).join(' ');
}
