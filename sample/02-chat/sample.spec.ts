import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram, type BuiltProgram } from '../../test/support/build-program.js';
import { openEventStream, type OpenedStream } from '../../test/support/event-stream-client.js';
import { platforms, start } from '../../test/support/platforms.js';
import { freePort, redisProgram, RedisServer } from '../../test/support/redis-server.js';
import { send } from '../../test/support/send.js';
import { AppModule } from './src/app.module.js';
import { setupDocs } from './src/docs.js';

const chat = (content: unknown) => ({ model: 'parrot', messages: [{ role: 'user', content }] });

const count = (to: number) => Array.from({ length: to }, (_, i) => i + 1).join(' ');

/** A chat as the AI SDK sends it. */
const uiChat = (id: string, text: string, model?: string) =>
  JSON.stringify({ id, model, messages: [{ role: 'user', parts: [{ type: 'text', text }] }] });

const json = { 'Content-Type': 'application/json' };

/** Returns the rest of an answer: its text, and the id of its last event. Fails if the answer is incomplete. */
async function restOf(stream: OpenedStream): Promise<{ text: string; id: string | undefined }> {
  let text = '';
  for (;;) {
    const event = await stream.next();
    if (event === undefined || event.event !== undefined) {
      throw new Error(`The answer ends after "${text}".`);
    }
    if (event.data === '[DONE]') {
      return { text, id: event.id };
    }
    text += deltaOf(event.data);
  }
}

function deltaOf(data: string): string {
  return (JSON.parse(data) as { delta?: string }).delta ?? '';
}

/** Begins an answer, reads some of it, and leaves. */
async function beginAndLeave(url: string, id: string, text: string) {
  const leaving = new AbortController();
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: json,
    body: uiChat(id, text, 'counter'),
    signal: leaving.signal,
  });
  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let body = '';
  while (!/"delta":" 3"}\n\n/.test(body)) {
    body += (await chunks?.read())?.value ?? '';
  }
  leaving.abort();
  await chunks?.closed.catch(() => undefined);
  const events = body.split('\n\n').slice(0, -1);
  return {
    process: response.headers.get('x-process'),
    text: events.map((event) => deltaOf(/^data: (.*)/m.exec(event)?.[1] ?? '')).join(''),
    last: /^id: (.*)/m.exec(events.at(-1) ?? '')?.[1],
  };
}

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

  it('serves Swagger UI', async () => {
    const { url } = await startSample();
    const { status, headers } = await send(`${url}/docs/`);
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it.each(['*/*', 'application/json', 'text/event-stream'])(
    'sends chunks and [DONE] regardless of Accept: %s',
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

  it('reads the text of a message with several parts', async () => {
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
  ])('rejects %s and names the invalid part', async (_what, body, param) => {
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

  it('writes an answer as a UI message stream', async () => {
    const { url } = await startSample();
    const { status, headers, body } = await send(`${url}/api/chat`, {
      method: 'POST',
      headers: json,
      body: uiChat('1', 'one two'),
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-vercel-ai-ui-message-stream': 'v1',
    });
    const data = [...body.matchAll(/^data: (.*)$/gm)].map(([, text = '']) => text);
    expect(data.at(-1)).toBe('[DONE]');
    const messageId: unknown = expect.any(String);
    expect(data.slice(0, -1).map((text): unknown => JSON.parse(text))).toEqual([
      { type: 'start', messageId },
      { type: 'text-start', id: 'text' },
      { type: 'text-delta', id: 'text', delta: 'one' },
      { type: 'text-delta', id: 'text', delta: ' two' },
      { type: 'text-end', id: 'text' },
      { type: 'finish' },
    ]);
  });

  it('writes an answer on when its client leaves, for those who come back', async () => {
    const { url } = await startSample();
    const { text, last } = await beginAndLeave(url, '1', '40');
    const [again, whole] = await Promise.all([
      openEventStream(`${url}/api/chat/1/stream`, last),
      openEventStream(`${url}/api/chat/1/stream`),
    ]);
    const rest = await restOf(again);
    expect(text + rest.text).toBe(count(40));
    expect((await restOf(whole)).text).toBe(count(40));
    // It is complete now: nothing is left for a client that has all of it, or knows nothing of it.
    for (const id of [rest.id, undefined]) {
      const { status } = await openEventStream(`${url}/api/chat/1/stream`, id);
      expect(status).toBe(204);
    }
    const late = await openEventStream(`${url}/api/chat/1/stream`, last);
    expect(text + (await restOf(late)).text).toBe(count(40));
  });

  it('stops an answer', async () => {
    const { url } = await startSample();
    const { last } = await beginAndLeave(url, '1', '1000');
    const stream = await openEventStream(`${url}/api/chat/1/stream`, last);
    await stream.next();
    const { status } = await send(`${url}/api/chat/1/stream`, { method: 'DELETE' });
    expect(status).toBe(204);
    await expect(restOf(stream)).rejects.toThrow('The answer ends after');
    expect((await openEventStream(`${url}/api/chat/1/stream`)).status).toBe(204);
  });

  it.each(['GET', 'DELETE'])('has nothing to %s of a chat without an answer', async (method) => {
    const { url } = await startSample();
    expect((await send(`${url}/api/chat/none/stream`, { method })).status).toBe(204);
  });

  it.each([
    ['no chat', JSON.stringify({ messages: [] }), 400, '"id" is not valid: '],
    ['no messages', JSON.stringify({ id: '1', messages: [] }), 400, '"messages" is not valid: '],
    [
      'nothing of the user',
      JSON.stringify({ id: '1', messages: [{ role: 'system', parts: [] }] }),
      400,
      'none is of the role "user"',
    ],
    ['an unknown model', uiChat('1', 'a', 'gpt-9'), 404, 'There is no model "gpt-9".'],
  ])('refuses a chat with %s', async (_, body, status, message) => {
    const { url } = await startSample();
    const answer = await send(`${url}/api/chat`, { method: 'POST', headers: json, body });
    expect(answer.status).toBe(status);
    expect((JSON.parse(answer.body) as { error: object }).error).toMatchObject({
      message: expect.stringContaining(message) as string,
    });
  });
});

describe.runIf(redisProgram)('sample/02-chat in two processes on Redis', () => {
  let server: RedisServer;
  let program: BuiltProgram;
  beforeAll(async () => {
    [server, program] = await Promise.all([
      RedisServer.start(),
      buildProgram('sample/02-chat/src/main.ts'),
    ]);
  });
  afterAll(async () => {
    await server.remove();
    await program.remove();
  });

  it('goes on with an answer in another process', async () => {
    const port = await freePort();
    const env = { ...process.env, PORT: `${port}`, REDIS_URL: server.url };
    const sample = spawn(process.execPath, [program.file], { env, stdio: 'ignore' });
    onTestFinished(async () => {
      const exit = once(sample, 'exit');
      sample.kill();
      await exit;
    });
    const url = `http://127.0.0.1:${port}`;
    const patience = { timeout: 60_000 };
    await expect
      .poll(async () => (await fetch(`${url}/v1/models`).catch(() => undefined))?.status, patience)
      .toBe(200);

    const begun = await beginAndLeave(url, '1', '100');
    // Connections are distributed among the processes in turn, as soon as both are running.
    let other: OpenedStream | undefined;
    await expect
      .poll(async () => {
        other?.close();
        other = await openEventStream(`${url}/api/chat/1/stream`, begun.last);
        return other.headers['x-process'];
      }, patience)
      .not.toBe(begun.process);
    const { text } = await restOf(other as OpenedStream);
    expect(begun.text + text).toBe(count(100));
  });
});
