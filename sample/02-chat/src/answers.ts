import { Inject, Injectable } from '@nestjs/common';
import { EventChannels, type EventLog } from 'nestjs-responses';
import { randomUUID } from 'node:crypto';
import type { UIChatRequest, UIMessageChunk } from './ui-message.schemas.js';
import { EVENT_LOG } from './event-log.module.js';
import { InvalidRequestException } from './invalid-request.exception.js';
import { findModel } from './models.js';
import { writeTokens } from './tokens.js';

/** Ends the events of an answer, so that the client knows that the answer is complete. */
const DONE = '[DONE]';
/** The maximum number of retained answers per chat. */
const MAX_ANSWERS = 1000;

/** Answers that are written to the end, with or without a client. Each has its own channel. */
@Injectable()
export class Answers {
  constructor(
    @Inject(EventChannels) private readonly channels: EventChannels,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  /**
   * Starts an answer to a chat and returns its channel. Throws an `InvalidRequestException` if the chat cannot be
   * answered.
   */
  async begin(request: UIChatRequest): Promise<string> {
    const text = answerTo(request);
    const messageId = randomUUID();
    const channel = `answer ${messageId}`;
    await this.channels.publish(answersOf(request.id), { data: channel });
    void this.channels.publishAll(channel, chunksOf(messageId, text));
    return channel;
  }

  /** Returns the channel of the latest answer to a chat. Undefined if none is retained. */
  async latest(chat: string): Promise<string | undefined> {
    const { entries } = await this.log.read(answersOf(chat), undefined, MAX_ANSWERS);
    return entries.at(-1)?.data;
  }

  /** True if an answer is complete or was stopped. */
  async isOver(channel: string): Promise<boolean> {
    const { isEnded } = await this.log.read(channel, undefined, 0);
    return isEnded;
  }

  /** Stops an answer at its next token. */
  stop(channel: string): Promise<void> {
    return this.channels.end(channel);
  }
}

/** Returns the channel with the names of the answers to a chat, so that each process finds them. */
function answersOf(chat: string): string {
  return `answers of ${chat}`;
}

function answerTo({ model, messages }: UIChatRequest): string {
  const prompt = messages.findLast(({ role }) => role === 'user');
  if (!prompt) {
    throw new InvalidRequestException('"messages" is not valid: none is of the role "user".', {
      param: 'messages',
      code: 'invalid_value',
    });
  }
  const texts = prompt.parts.map(({ type, text }) => (type === 'text' ? text : undefined));
  return findModel(model).answer(texts.join(''));
}

async function* chunksOf(
  messageId: string,
  text: string,
): AsyncGenerator<UIMessageChunk | typeof DONE, void, undefined> {
  const id = 'text';
  yield { type: 'start', messageId };
  yield { type: 'text-start', id };
  for await (const delta of writeTokens(text)) {
    yield { type: 'text-delta', id, delta };
  }
  yield { type: 'text-end', id };
  yield { type: 'finish' };
  yield DONE;
}
