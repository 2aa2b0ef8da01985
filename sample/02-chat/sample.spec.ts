import { describe, expect, it } from 'vitest';
import { platforms, start } from '../../test/support/platforms.js';
import { send } from '../../test/support/send.js';
import { AppModule } from './src/app.module.js';
import { setupDocs } from './src/docs.js';

const chat = (content: unknown) => ({ model: 'parrot', messages: [{ role: 'user', content }] });

describe.each(platforms)('sample/02-chat on $name', (platform) => {
  const startSample = () =>
    start(platform, { responses: false, imports: [AppModule], configure: setupDocs });

  const post = async (body: string, accept = '*/*') => {
    const { url } = await startSample();
    return send(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', accept },
      body,
    });
  };

  it.each([
    ['/', 200, 'text/html; charset=utf-8', '{{ message.content }}'],
    ['/', 200, 'text/html; charset=utf-8', '{"id":"parrot","rule":"says back what you say"}'],
    ['/theme.css', 200, 'text/css; charset=utf-8', 'color-scheme: light dark'],
    ['/vue.js', 200, 'text/javascript; charset=utf-8', 'createApp'],
    ['/eventsource-parser/stream.js', 200, 'text/javascript; charset=utf-8', 'TransformStream'],
    ['/eventsource-parser/..%2Fpackage.json', 404, 'application/json', '"invalid_request_error"'],
    ['/v1/models', 200, 'application/json', '{"object":"list","data":[{"id":"parrot",'],
    ['/v1/models/mirror', 200, 'application/json', '{"id":"mirror","object":"model",'],
    ['/v1/models/gpt-9', 404, 'application/json', '"code":"model_not_found"'],
    ['/nothing', 404, 'application/json', '"message":"Cannot GET /nothing"'],
    ['/schema/', 200, 'application/vnd.oai.openapi+json', '"#/components/schemas/ChatRequest"'],
  ])('answers %s with %i', async (path, status, type, part) => {
    const { url } = await startSample();
    const answer = await send(`${url}${path}`);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.body).toContain(part);
  });

  it('has documentation for people', async () => {
    const { url } = await startSample();
    const { status, headers } = await send(`${url}/docs/`);
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it.each(['*/*', 'application/json', 'text/event-stream'])(
    'sends chunks and [DONE] whatever the client accepts: %s',
    async (accept) => {
      const { headers, body } = await post(
        JSON.stringify({ ...chat('one two'), stream: true }),
        accept,
      );
      expect(headers['content-type']).toBe('text/event-stream');
      const events = body.split('\n\n').slice(0, -1);
      expect(events.at(-1)).toBe('data: [DONE]');
      const chunks = events
        .slice(0, -1)
        .map((event) => JSON.parse(event.replace(/^data: /, '')) as Record<string, unknown>);
      expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
      expect(chunks.map(({ choices }) => choices)).toEqual(
        [{ role: 'assistant', content: '' }, { content: 'one' }, { content: ' two' }, {}].map(
          (delta, i) => [
            { index: 0, delta, logprobs: null, finish_reason: i === 3 ? 'stop' : null },
          ],
        ),
      );
      expect(chunks.filter((chunk) => 'usage' in chunk)).toEqual([]);
    },
  );

  it('reads the text of a message that comes in parts', async () => {
    const { body } = await post(
      JSON.stringify(
        chat([
          { type: 'text', text: 'one ' },
          { type: 'text', text: 'two' },
        ]),
      ),
    );
    expect(JSON.parse(body)).toMatchObject({ choices: [{ message: { content: 'one two' } }] });
  });

  it.each([
    ['no model', { messages: [{ role: 'user', content: 'a' }] }, 'model'],
    ['no messages', { model: 'parrot' }, 'messages'],
    ['an empty chat', { model: 'parrot', messages: [] }, 'messages'],
    [
      'an unknown role',
      { model: 'parrot', messages: [{ role: 'king', content: 'a' }] },
      'messages[0].role',
    ],
    ['an image', chat([{ type: 'image_url' }]), 'messages[0].content'],
    [
      'nothing of the user',
      { model: 'parrot', messages: [{ role: 'system', content: 'a' }] },
      'messages',
    ],
    ['a stream that is no boolean', { ...chat('a'), stream: 'yes' }, 'stream'],
  ])('refuses %s and names what is to blame', async (_what, body, param) => {
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(400);
    const message: unknown = expect.stringContaining(`"${param}" is not valid: `);
    expect(JSON.parse(answer.body)).toEqual({
      error: { message, type: 'invalid_request_error', param, code: 'invalid_value' },
    });
  });

  it.each([
    ['no JSON', '{"messages":', null, expect.stringContaining('JSON')],
    ['no object', '[]', 'invalid_value', 'The body is not valid: expected object, received array.'],
  ])('refuses a body that is %s', async (_what, body, code, message) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      error: { message, type: 'invalid_request_error', param: null, code },
    });
  });
});
