import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { platforms, start } from '../../test/support/platforms.js';
import { send, type Answer } from '../../test/support/send.js';
import { openText } from '../../test/support/text-client.js';
import { AppModule } from './src/app.module.js';
import { setupDocs } from './src/docs.js';
import { Sessions } from './src/sessions.js';

const VERSION = '2025-11-25';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const request = (id: unknown, method: string, params?: object) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

const call = (id: number, name: string, args: object, progressToken?: string) =>
  request(id, 'tools/call', {
    name,
    arguments: args,
    ...(progressToken && { _meta: { progressToken } }),
  });

const initialize = (protocolVersion: string) =>
  request(0, 'initialize', {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });

/** Returns the events of a body that a client dispatches. */
function eventsOf(body: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(body);
  return events;
}

const rpcError = (code: number, message: unknown, id: unknown = null) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

describe.each(platforms)('sample/03-mcp on $name', (platform) => {
  const startSample = async () => {
    const { url, app } = await start(platform, {
      responses: false,
      imports: [AppModule],
      configure: setupDocs,
    });
    const post = (body: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> =>
      send(`${url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        body,
      });
    const open = async (version = VERSION) => {
      const answer = await post(initialize(version));
      return { 'mcp-session-id': String(answer.headers['mcp-session-id']) };
    };
    return { url, app, post, open };
  };

  it.each([
    ['the newest revision', VERSION, VERSION],
    ['the one before', '2025-06-18', '2025-06-18'],
    ['an unknown one', '1999-01-01', VERSION],
  ])('opens a session for %s', async (_what, asked, agreed) => {
    const { post } = await startSample();
    const { status, headers, body } = await post(initialize(asked));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['mcp-session-id']).toMatch(UUID);
    expect(JSON.parse(body)).toEqual({
      jsonrpc: '2.0',
      id: 0,
      result: {
        protocolVersion: agreed,
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'nestjs-responses-sample', version: '1.0.0' },
      },
    });
  });

  it.each([
    ['a notification', { jsonrpc: '2.0', method: 'notifications/initialized' }],
    ['a notification that cancels nothing', { jsonrpc: '2.0', method: 'notifications/cancelled' }],
    ['an answer', { jsonrpc: '2.0', id: 1, result: {} }],
  ])('accepts %s with 202 and no body', async (_what, message) => {
    const { post, open } = await startSample();
    const { status, headers, body } = await post(JSON.stringify(message), await open());
    expect([status, headers['content-length'], body]).toEqual([202, '0', '']);
  });

  it.each([
    ['ping', request('a', 'ping'), { result: {} }, 'a'],
    [
      'a tool',
      call(1, 'add', { a: 1, b: 2 }),
      { result: { content: [{ type: 'text', text: '3' }], structuredContent: { sum: 3 } } },
      1,
    ],
    [
      'a tool with wrong arguments, for the model to read',
      call(1, 'add', { a: 1 }),
      {
        result: {
          content: [{ type: 'text', text: expect.stringMatching(/^Invalid arguments. "b": /) }],
          isError: true,
        },
      },
      1,
    ],
    [
      'a tool whose result JSON cannot hold',
      call(1, 'add', { a: 1e308, b: 1e308 }),
      { result: { content: [{ type: 'text', text: 'The sum is too large.' }], isError: true } },
      1,
    ],
    [
      'an unknown method',
      request(2, 'nope'),
      { error: { code: -32601, message: 'Method not found: nope' } },
      2,
    ],
    [
      'an unknown tool',
      call(3, 'nope', {}),
      { error: { code: -32602, message: 'Unknown tool: nope' } },
      3,
    ],
    [
      'wrong params',
      request(4, 'tools/call', { name: 1 }),
      { error: { code: -32602, message: expect.stringMatching(/^Invalid params: "name": /) } },
      4,
    ],
  ])('answers %s as JSON', async (_what, body, answer, id) => {
    const { post, open } = await startSample();
    const { status, headers, body: text } = await post(body, await open());
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id, ...answer });
  });

  it.each([
    ['no JSON', '{"jsonrpc":', -32700, /^Parse error/],
    ['a batch', `[${request(1, 'ping')}]`, -32600, /^Invalid Request/],
    ['a request whose id is null', request(null, 'ping'), -32600, /^Invalid Request/],
    ['a message of JSON-RPC 1.0', '{"id":1,"method":"ping"}', -32600, /^Invalid Request/],
  ])('rejects %s with 400', async (_what, body, code, message) => {
    const { post, open } = await startSample();
    const answer = await post(body, await open());
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual(rpcError(code, expect.stringMatching(message)));
  });

  it('rejects params of initialize without a revision', async () => {
    const { post } = await startSample();
    const { body } = await post(request(0, 'initialize', {}));
    expect(JSON.parse(body)).toEqual(
      rpcError(-32602, expect.stringContaining('protocolVersion'), 0),
    );
  });

  it.each([
    ['a page elsewhere', { origin: 'http://localhost.evil.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['a page of this machine', { origin: 'http://localhost:6274' }, 200],
    ['another page of this machine', { origin: 'http://[::1]:6274' }, 200],
    ['an unknown revision', { 'mcp-protocol-version': '1999-01-01' }, 400],
    ['the revision before', { 'mcp-protocol-version': '2025-06-18' }, 200],
    ['a client that takes no events', { accept: 'application/json' }, 406],
    ['a client that takes anything', { accept: '*/*' }, 200],
    ['a client without a session', { 'mcp-session-id': [] }, 400],
    ['a client with another session', { 'mcp-session-id': 'x' }, 404],
  ])('answers %s with %o: %i', async (_who, headers: OutgoingHttpHeaders, status) => {
    const { post, open } = await startSample();
    const answer = await post(request(1, 'ping'), { ...(await open()), ...headers });
    expect(answer.status).toBe(status);
  });

  it('streams progress up to the response, and resumes after an event', async () => {
    const { url, post, open } = await startSample();
    const session = await open();
    const { headers, body } = await post(call(1, 'count', { to: 3 }, 'p'), session);
    expect(headers['content-type']).toBe('text/event-stream');
    const events = eventsOf(body);
    expect(events[0]?.data).toBe('');
    expect(events.slice(1).map(({ data }) => JSON.parse(data) as unknown)).toEqual([
      ...[1, 2, 3].map((progress) => ({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 'p', progress, total: 3 },
      })),
      { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'Counted to 3.' }] } },
    ]);

    const resume = (after = '') =>
      send(`${url}/mcp`, {
        headers: { ...session, accept: 'text/event-stream', 'last-event-id': after },
      });
    expect(eventsOf((await resume(events[2]?.id)).body)).toEqual(events.slice(3));
    expect((await resume(events.at(-1)?.id)).status).toBe(204);
    expect((await resume('99:x')).status).toBe(400);
  });

  it('sends no progress to a client without a token, and no empty event to a client of the previous revision', async () => {
    const { post, open } = await startSample();
    const { body } = await post(call(1, 'count', { to: 2 }), await open('2025-06-18'));
    expect(eventsOf(body).map(({ data }) => JSON.parse(data) as unknown)).toEqual([
      { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'Counted to 2.' }] } },
    ]);
  });

  it('sends its own messages once, to the latest listener', async () => {
    const { url, post, open } = await startSample();
    const session = await open();
    const listen = () =>
      openText(`${url}/mcp`, { headers: { ...session, accept: 'text/event-stream' } });
    await post(call(1, 'teach', { name: 'sit', says: 'It sits.' }), session);
    const first = await listen();
    await first.receive('"notifications/tools/list_changed"}\n\n');
    const second = await listen();
    expect(await first.ended).toBe('end');
    await post(call(2, 'teach', { name: 'roll', says: 'It rolls.' }), session);
    await second.receive('"notifications/tools/list_changed"}\n\n');
    expect(eventsOf(first.text).map(({ data }) => data !== '')).toEqual([false, true]);
    expect(eventsOf(second.text)).toHaveLength(1);
    await send(`${url}/mcp`, { method: 'DELETE', headers: session });
    expect(await second.ended).toBe('end');
  });

  it('learns at most 20 tricks', async () => {
    const { post, open } = await startSample();
    const session = await open();
    const answers: string[] = [];
    for (let i = 0; i <= 20; i++) {
      const { body } = await post(
        call(i, 'teach', { name: `a${'_'.repeat(i)}`, says: '' }),
        session,
      );
      answers.push(body);
    }
    expect(answers.filter((body) => body.includes('"isError":true'))).toEqual([
      expect.stringContaining('20 tricks are enough.'),
    ]);
  });

  it('ends the oldest session above the limit', async () => {
    const { app, post, open } = await startSample();
    const [oldest, next] = [await open(), await open()];
    const sessions = app.get(Sessions);
    for (let i = 2; i <= 1000; i++) {
      await sessions.open(VERSION);
    }
    expect((await post(request(1, 'ping'), oldest)).status).toBe(404);
    expect((await post(request(1, 'ping'), next)).status).toBe(200);
  });

  it('rejects a session that was ended', async () => {
    const { url, post, open } = await startSample();
    const session = await open();
    const end = () => send(`${url}/mcp`, { method: 'DELETE', headers: session });
    expect((await end()).status).toBe(204);
    expect((await end()).status).toBe(404);
    expect((await post(request(1, 'ping'), session)).status).toBe(404);
  });

  it.each([
    ['/schema/', 'application/vnd.oai.openapi+json', '"/mcp"'],
    ['/docs/', 'text/html', 'swagger-ui'],
  ])('documents its routes at %s', async (path, type, part) => {
    const { url } = await startSample();
    const { status, headers, body } = await send(`${url}${path}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toContain(type);
    expect(body).toContain(part);
  });
});
