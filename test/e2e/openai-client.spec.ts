import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { LogCollector } from '../support/log-collector.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start } from '../support/platforms.js';
import { until } from '../support/turn.js';

type Sample = typeof import('../../sample/02-chat/src/app.module.js');

// It uses a pipe of NestJS 12, and cannot be loaded on NestJS 11.
const { AppModule } = (
  isNest11 ? {} : await import('../../sample/02-chat/src/app.module.js')
) as Sample;

/** Keeps chunks that are only reported too. */
class TalkCollector extends LogCollector {
  override log(...parts: unknown[]): void {
    this.entries.push(parts.join(' '));
  }
}

const chat = (content: string, model = 'parrot') => ({
  model,
  messages: [{ role: 'user' as const, content }],
});

/** Takes longer than any test may. */
const endless = chat('1000', 'counter');

describe.skipIf(isNest11).each(platforms)(
  "sample/02-chat on $name, for OpenAI's own client",
  (platform) => {
    const connect = async () => {
      const logs = new TalkCollector();
      const { url, app } = await start(platform, {
        responses: false,
        imports: [AppModule],
        application: { logger: logs },
      });
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
      const hasStopped = () =>
        logs.entries.some((entry) => entry.includes('The client left after'));
      return { client, app, hasStopped };
    };

    it('lists the models', async () => {
      const { client } = await connect();
      const ids: string[] = [];
      for await (const { id } of client.models.list()) {
        ids.push(id);
      }
      expect(ids).toEqual(['parrot', 'mirror', 'counter']);
      expect((await client.models.retrieve('mirror')).id).toBe('mirror');
    });

    it('answers as a whole', async () => {
      const { client } = await connect();
      const { choices, usage, model } = await client.chat.completions.create(
        chat('not at all', 'mirror'),
      );
      expect(model).toBe('mirror');
      expect(choices[0]?.message.content).toBe('all at not');
      expect(choices[0]?.finish_reason).toBe('stop');
      expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 });
    });

    it('answers token by token, with exactly the same text', async () => {
      const { client } = await connect();
      const text = 'Zoë says:\n\n“data: [DONE]” \u2028 🐶🐕‍🦺\r\nend ';
      const stream = await client.chat.completions.create({
        ...chat(text),
        stream: true,
        stream_options: { include_usage: true },
      });
      const tokens: string[] = [];
      const reasons: unknown[] = [];
      const usages: unknown[] = [];
      for await (const { choices, usage } of stream) {
        tokens.push(choices[0]?.delta.content ?? '');
        reasons.push(choices[0]?.finish_reason);
        usages.push(usage);
      }
      expect(tokens.join('')).toBe(text);
      // Who speaks, seven tokens, the end, and the usage.
      expect(reasons).toEqual([...Array.from({ length: 8 }, () => null), 'stop', undefined]);
      expect(usages.slice(0, -1).every((usage) => usage === null)).toBe(true);
      expect(usages.at(-1)).toMatchObject({ prompt_tokens: 7, completion_tokens: 7 });
    });

    it('works with the helper for streams', async () => {
      const { client } = await connect();
      const stream = client.chat.completions.stream(chat('one two three', 'mirror'));
      const parts: string[] = [];
      stream.on('content', (delta) => parts.push(delta));
      expect(await stream.finalContent()).toBe('three two one');
      expect(parts.filter((part) => part !== '')).toEqual(['three', ' two', ' one']);
    });

    it('stops writing when the client stops reading', async () => {
      const { client, hasStopped } = await connect();
      const stream = await client.chat.completions.create({ ...endless, stream: true });
      const tokens: string[] = [];
      for await (const { choices } of stream) {
        tokens.push(choices[0]?.delta.content ?? '');
        if (tokens.length === 4) {
          break;
        }
      }
      expect(tokens).toEqual(['', '1', ' 2', ' 3']);
      await until(hasStopped);
    });

    it('stops writing when the client aborts', async () => {
      const { client, hasStopped } = await connect();
      const stream = await client.chat.completions.create({ ...endless, stream: true });
      const tokens: string[] = [];
      for await (const { choices } of stream) {
        tokens.push(choices[0]?.delta.content ?? '');
        if (tokens.length === 2) {
          stream.controller.abort();
        }
      }
      expect(tokens.slice(0, 2)).toEqual(['', '1']);
      expect(tokens.length).toBeLessThan(1000);
      await until(hasStopped);
    });

    it('stops writing an answer that is sent as a whole when the client aborts', async () => {
      const { client, app, hasStopped } = await connect();
      const controller = new AbortController();
      app.getHttpServer().once('request', () => setImmediate(() => controller.abort()));
      const answer = client.chat.completions.create(endless, { signal: controller.signal });
      await expect(answer).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
      await until(hasStopped);
    });

    it.each([
      [
        'an unknown model',
        chat('a', 'gpt-9'),
        OpenAI.NotFoundError,
        404,
        'model',
        'model_not_found',
      ],
      [
        'an empty chat',
        { model: 'parrot', messages: [] },
        OpenAI.BadRequestError,
        400,
        'messages',
        'invalid_value',
      ],
    ])('names the invalid part for %s', async (_what, request, type, status, param, code) => {
      const { client } = await connect();
      for (const stream of [false, true]) {
        const error = await client.chat.completions
          .create({ ...request, stream })
          .then(() => undefined)
          .catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(type);
        expect(error).toMatchObject({ status, param, code, type: 'invalid_request_error' });
      }
    });
  },
);
