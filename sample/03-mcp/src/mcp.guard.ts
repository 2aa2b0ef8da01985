import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { codes, versions } from './protocol.js';
import { RPCException } from './rpc.exception.js';

/** The hosts whose pages may call this server: only this machine. */
const HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Rejects requests as the MCP transport requires. Source: MCP, revision 2025-11-25, "Streamable HTTP". */
export class McpGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const { origin, 'mcp-protocol-version': version } = request.headers;
    if (origin !== undefined && !isLocal(origin)) {
      // E.g. from a page whose host name was changed to resolve to this machine (DNS rebinding).
      throw refusal(403, `Pages of ${origin} may not call this server.`);
    }
    if (version !== undefined && !versions.some((known) => known === version)) {
      throw refusal(
        400,
        `The MCP-Protocol-Version ${String(version)} is none of ${versions.join(', ')}.`,
      );
    }
    const types = typesNeeded(request.method);
    if (new Negotiator(request).mediaTypes(types).length < types.length) {
      throw refusal(406, `The client must accept ${types.join(' and ')}.`);
    }
    return true;
  }
}

/** The media types of responses. A client must accept all of them. */
function typesNeeded(method: string | undefined): string[] {
  switch (method) {
    case 'POST':
      return ['application/json', 'text/event-stream'];
    case 'GET':
      return ['text/event-stream'];
    default:
      return [];
  }
}

function isLocal(origin: string): boolean {
  return URL.canParse(origin) && HOSTS.includes(new URL(origin).hostname);
}

function refusal(statusCode: number, message: string): RPCException {
  return new RPCException(codes.refused, message, { statusCode });
}
