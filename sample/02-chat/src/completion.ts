import { randomUUID } from 'node:crypto';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatMessage,
  ChatRequest,
  Usage,
} from './chat.schemas.js';
import { InvalidRequestException } from './invalid-request.exception.js';
import { findModel } from './models.js';
import { tokensOf, writeTokens } from './tokens.js';

/** Ends the events of an answer, so that the client knows that the answer is complete. */
const DONE = '[DONE]';

/** The answer to a chat, in one of the two formats that OpenAI clients request. */
export class Completion {
  readonly #head: { readonly id: string; readonly created: number; readonly model: string };
  readonly #promptTokens: number;
  readonly #includesUsage: boolean;
  readonly #tokens: AsyncIterable<string>;

  /** Throws an `InvalidRequestException` for a chat that cannot be answered. */
  constructor({ model, messages, stream_options: options }: ChatRequest, signal: AbortSignal) {
    const found = findModel(model);
    const prompt = messages.findLast(({ role }) => role === 'user');
    if (!prompt) {
      throw new InvalidRequestException('"messages" is not valid: none is of the role "user".', {
        param: 'messages',
        code: 'invalid_value',
      });
    }
    const created = Math.floor(Date.now() / 1000);
    this.#head = { id: `chatcmpl-${randomUUID()}`, created, model: found.id };
    this.#promptTokens = tokensOf(messages.map(textOf).join('\n')).length;
    this.#includesUsage = options?.include_usage ?? false;
    this.#tokens = writeTokens(found.answer(textOf(prompt)), signal);
  }

  /** Returns the complete answer. */
  async whole(): Promise<ChatCompletion> {
    const tokens: string[] = [];
    for await (const token of this.#tokens) {
      tokens.push(token);
    }
    return {
      ...this.#head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: tokens.join(''), refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: this.#usage(tokens.length),
    };
  }

  /**
   * Returns the answer token by token: the role, the content, the finish reason, the usage if requested, and `[DONE]`.
   */
  async *chunks(): AsyncGenerator<ChatCompletionChunk | typeof DONE, void, undefined> {
    yield this.#chunk({ role: 'assistant', content: '' });
    let count = 0;
    for await (const content of this.#tokens) {
      count += 1;
      yield this.#chunk({ content });
    }
    yield this.#chunk({}, 'stop');
    if (this.#includesUsage) {
      const head = this.#head;
      yield { ...head, object: 'chat.completion.chunk', choices: [], usage: this.#usage(count) };
    }
    yield DONE;
  }

  #chunk(
    delta: ChatCompletionChunk['choices'][number]['delta'],
    finishReason: 'stop' | null = null,
  ): ChatCompletionChunk {
    return {
      ...this.#head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      // Null until it is known. Sent only if the client has requested it.
      ...(this.#includesUsage && { usage: null }),
    };
  }

  #usage(count: number): Usage {
    return {
      prompt_tokens: this.#promptTokens,
      completion_tokens: count,
      total_tokens: this.#promptTokens + count,
    };
  }
}

function textOf({ content }: ChatMessage): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
}
