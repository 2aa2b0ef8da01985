import { Body, Controller, Delete, Get, Headers, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  ApiJSONRPCResponse,
  ApiServerSentEventResponse,
  EmptyResponse,
  JSONRPCResponse,
  LastEventId,
  type Response,
} from 'nestjs-responses';
import { z } from 'zod';
import { McpGuard } from './mcp.guard.js';
import {
  clientMessage,
  readMessage,
  readParams,
  type ClientMessage,
  type RPCRequest,
} from './message.js';
import { negotiateVersion } from './protocol.js';
import { Sessions } from './sessions.js';

const SESSION_ID = 'Mcp-Session-Id';

const sessionHeader = {
  name: SESSION_ID,
  description: 'As it came with the answer to `initialize`.',
};

const initializeParams = z.object({ protocolVersion: z.string() });

/** The one endpoint of a server of MCP. Source: MCP, revision 2025-11-25, "Streamable HTTP". */
@Controller('mcp')
@UseGuards(McpGuard)
@ApiHeader({ name: 'MCP-Protocol-Version', description: 'The revision that was agreed on.' })
export class McpController {
  constructor(private readonly sessions: Sessions) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes a message of the client' })
  @ApiHeader({ ...sessionHeader, required: false })
  @ApiJSONRPCResponse({ description: 'Any other request: its answer.' })
  @ApiServerSentEventResponse({
    description: 'A request that takes its time: messages that lead up to its answer, and that.',
  })
  @ApiResponse({ status: 202, description: 'The message needs no answer.' })
  async post(
    @Body({ schema: clientMessage, pipes: [readMessage] }) message: ClientMessage,
    @Headers(SESSION_ID) sessionId?: string,
  ): Promise<Response> {
    if (isRequest(message) && message.method === 'initialize') {
      return this.#initialize(message);
    }
    const session = this.sessions.get(sessionId);
    if (isRequest(message)) {
      return session.answer(message);
    }
    if ('method' in message) {
      session.receive(message);
    }
    return new EmptyResponse({ statusCode: 202 });
  }

  /** With a `Last-Event-ID`, goes on with the stream that it is of. */
  @Get()
  @ApiOperation({ summary: 'Streams what the server has to say by itself' })
  @ApiHeader(sessionHeader)
  @ApiServerSentEventResponse({ description: 'Messages of the server, as they come.' })
  @ApiNoContentResponse({ description: 'Nothing is left of the stream.' })
  listen(
    @Headers(SESSION_ID) sessionId?: string,
    @LastEventId() after?: string,
  ): Promise<Response> {
    return this.sessions.get(sessionId).listen(after);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends the session' })
  @ApiHeader(sessionHeader)
  @ApiNoContentResponse({ description: 'It is over.' })
  end(@Headers(SESSION_ID) sessionId?: string): EmptyResponse {
    this.sessions.end(this.sessions.get(sessionId));
    return new EmptyResponse();
  }

  async #initialize(request: RPCRequest): Promise<JSONRPCResponse> {
    const { protocolVersion } = readParams(initializeParams, request);
    const session = await this.sessions.open(negotiateVersion(protocolVersion));
    return new JSONRPCResponse({
      id: request.id,
      result: {
        protocolVersion: session.version,
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'nestjs-responses-sample', version: '1.0.0' },
      },
      headers: { [SESSION_ID]: session.id },
    });
  }
}

function isRequest(message: ClientMessage): message is RPCRequest {
  return 'method' in message && message.id !== undefined;
}
