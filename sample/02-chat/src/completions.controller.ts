import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  ApiJSONResponse,
  ApiServerSentEventResponse,
  DisconnectSignal,
  JSONResponse,
  ServerSentEventResponse,
} from 'nestjs-responses';
import { chatCompletion, chatCompletionChunk, chatRequest, errorBody } from './chat.schemas.js';
import type { ChatRequest } from './chat.schemas.js';
import { Completion } from './completion.js';
import { readRequest } from './read-request.pipe.js';

@Controller('v1/chat/completions')
export class CompletionsController {
  /** Stops writing tokens when the client disconnects, because `signal` aborts. */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'The answer to a chat, complete or token by token' })
  @ApiJSONResponse({
    standardSchema: chatCompletion,
    description: 'Otherwise, the complete answer.',
  })
  @ApiServerSentEventResponse({
    standardSchema: chatCompletionChunk,
    description: 'With `"stream": true`, the chunks of the answer, then `[DONE]`.',
  })
  @ApiJSONResponse({ status: 400, standardSchema: errorBody, description: 'Bad input.' })
  @ApiJSONResponse({ status: 404, standardSchema: errorBody, description: 'No such model.' })
  async create(
    @Body({ schema: chatRequest, pipes: [readRequest] }) request: ChatRequest,
    @DisconnectSignal() signal: AbortSignal,
  ): Promise<JSONResponse | ServerSentEventResponse> {
    const completion = new Completion(request, signal);
    return request.stream
      ? new ServerSentEventResponse(completion.chunks())
      : new JSONResponse(await completion.whole());
  }
}
