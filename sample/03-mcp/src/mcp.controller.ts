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
  description: 'The session id from the response to `initialize`.',
};

const initializeParams = z.object({ protocolVersion: z.string() });

/** The single endpoint of an MCP server. Source: MCP, revision 2025-11-25, "Streamable HTTP". */
@Controller('mcp')
@UseGuards(McpGuard)
@ApiHeader({ name: 'MCP-Protocol-Version', description: 'The negotiated revision.' })
export class McpController {
  constructor(private readonly sessions: Sessions) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Accepts a message of the client' })
  @ApiHeader({ ...sessionHeader, required: false })
  @ApiJSONRPCResponse({ description: 'The response to any other request.' })
  @ApiServerSentEventResponse({
    description: 'The response to a long-running request, preceded by other messages.',
  })
  @ApiResponse({ status: 202, description: 'The message requires no response.' })
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

  /** With a `Last-Event-ID`, resumes the stream of that event. */
  @Get()
  @ApiOperation({ summary: 'Streams messages that the server initiates' })
  @ApiHeader(sessionHeader)
  @ApiServerSentEventResponse({ description: 'Messages of the server, as they are sent.' })
  @ApiNoContentResponse({ description: 'The stream has ended.' })
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
  @ApiNoContentResponse({ description: 'The session has ended.' })
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
