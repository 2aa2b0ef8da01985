import { BadRequestException, Body, Controller, Get, Post } from '@nestjs/common';
import {
  DisconnectSignal,
  EventChannels,
  JSONResponse,
  LastEventId,
  ServerSentEvent,
  ServerSentEventResponse,
} from 'nestjs-responses';

/** The channel of all messages. */
const CHANNEL = 'messages';

@Controller('messages')
export class MessagesController {
  constructor(private readonly channels: EventChannels) {}

  @Post()
  async publish(@Body('text') text: unknown): Promise<JSONResponse> {
    if (typeof text !== 'string' || text === '' || text.length > 1000) {
      throw new BadRequestException('The text of a message must have 1 to 1000 characters.');
    }
    const message = { text, pid: process.pid };
    const id = await this.channels.publish(CHANNEL, { event: 'message', data: message });
    return new JSONResponse({ id }, { statusCode: 201 });
  }

  /** Sends the process that serves the stream, then missed messages, then new ones. */
  @Get('events')
  events(
    @DisconnectSignal() signal: AbortSignal,
    @LastEventId() after?: string,
  ): ServerSentEventResponse {
    const messages = this.channels.follow(CHANNEL, { after, from: 'start', signal });
    return new ServerSentEventResponse(afterGreeting(messages));
  }
}

async function* afterGreeting(
  messages: AsyncIterable<ServerSentEvent>,
): AsyncGenerator<ServerSentEvent> {
  const isOneOfMany = process.env['REDIS_URL'] !== undefined;
  yield new ServerSentEvent({ event: 'process', data: { pid: process.pid, isOneOfMany } });
  yield* messages;
}
