import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  ApiServerSentEventResponse,
  EmptyResponse,
  EventChannels,
  LastEventId,
  type Response,
} from 'nestjs-responses';
import { Answers } from './answers.js';
import { readRequest } from './read-request.pipe.js';
import { uiChatRequest, uiMessageChunk, type UIChatRequest } from './ui-message.schemas.js';

/** The default routes of `useChat` of the AI SDK. */
@Controller('api/chat')
export class UIChatController {
  constructor(
    private readonly channels: EventChannels,
    private readonly answers: Answers,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'The answer to a chat. Continues when the client disconnects' })
  @ApiServerSentEventResponse({ standardSchema: uiMessageChunk })
  async answer(
    @Body({ schema: uiChatRequest, pipes: [readRequest] }) request: UIChatRequest,
  ): Promise<Response> {
    return this.#follow(await this.answers.begin(request));
  }

  /**
   * Sends the answer that is being written. With `Last-Event-ID`, sends the rest of an answer, even if it is complete.
   */
  @Get(':id/stream')
  @ApiOperation({ summary: 'The answer that is being written' })
  @ApiServerSentEventResponse({ standardSchema: uiMessageChunk })
  async resume(@Param('id') id: string, @LastEventId() last?: string): Promise<Response> {
    const channel = await this.answers.latest(id);
    if (channel === undefined || (last === undefined && (await this.answers.isOver(channel)))) {
      return new EmptyResponse();
    }
    return this.#follow(channel, last);
  }

  @Delete(':id/stream')
  @ApiOperation({ summary: 'Stops the answer that is being written' })
  async stop(@Param('id') id: string): Promise<EmptyResponse> {
    const channel = await this.answers.latest(id);
    if (channel !== undefined) {
      await this.answers.stop(channel);
    }
    return new EmptyResponse();
  }

  #follow(channel: string, after?: string): Promise<Response> {
    const headers = {
      'X-Vercel-AI-UI-Message-Stream': 'v1',
      // Shows that any process can continue any answer.
      'X-Process': `${process.pid}`,
    };
    return this.channels.respond(channel, { after, from: 'start', headers });
  }
}
