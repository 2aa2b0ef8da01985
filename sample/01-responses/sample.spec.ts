import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from 'vitest';
import { start } from '../../test/support/platforms.js';
import { AppModule } from './src/app.module.js';
import { setupDocs } from './src/docs.js';

const adapters = [
  { name: 'Express', adapter: () => new ExpressAdapter() },
  {
    name: 'Fastify',
    adapter: () => new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } }),
  },
] as const;

const squares = Array.from({ length: 50 }, (_, i) => `{"i":${i},"square":${i * i}}\n`).join('');

function ticks(first: number): string {
  return [0, 1, 2, 3, 4]
    .map((i) => first + i)
    .map((i) => `id: ${i}\nevent: tick\ndata: ${i}\n\n`)
    .join('');
}

const ticksWithHeartbeats = Array.from(
  { length: 50 },
  (_, i) => `${i % 10 === 0 ? ': heartbeat\n\n' : ''}id: ${i}\nevent: tick\ndata: ${i}\n\n`,
).join('');

describe.each(adapters)('sample/01-responses on $name', (platform) => {
  const startSample = () =>
    start(platform, {
      responses: false,
      imports: [AppModule],
      adapter: platform.adapter(),
      configure: setupDocs,
    });

  it.each([
    ['/json/', 200, 'application/json', '{"message":"hello"}'],
    ['/text/', 200, 'text/plain; charset=utf-8', 'hello'],
    ['/html/', 200, 'text/html; charset=utf-8', '<h1>hello</h1>'],
    ['/old/', 307, null, ''],
    ['/empty/', 204, null, ''],
    ['/puppy/', 200, 'application/json', '{"id":1,"name":"Canna"}'],
    ['/puppies/', 200, 'application/json', '[{"id":1,"name":"Canna"},{"id":2,"name":"Luna"}]'],
    [
      '/fail/',
      404,
      'application/json',
      '{"detail":"Puppy not found","error":null,"status_code":404}',
    ],
    [
      '/problem/',
      404,
      'application/problem+json',
      '{"type":"/problems/no-puppy","title":"Puppy not found","status":404,"known":["Canna","Luna"]}',
    ],
    ['/rpc/', 200, 'application/json', '{"jsonrpc":"2.0","id":1,"result":{"ok":true}}'],
    [
      '/rpc/unknown/',
      200,
      'application/json',
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}',
    ],
    ['/ndjson/', 200, 'application/x-ndjson', squares],
    ['/ndjson/observable/', 200, 'application/x-ndjson', squares],
    ['/sse/', 200, 'text/event-stream', ticksWithHeartbeats],
    ['/sse/observable/', 200, 'text/event-stream', ticksWithHeartbeats],
    ['/sse/resume/', 200, 'text/event-stream', ticks(0)],
    ['/sse/resume/observable/', 200, 'text/event-stream', ticks(0)],
  ])('answers %s', async (path, status, type, body) => {
    const { url } = await startSample();
    const response = await fetch(`${url}${path}`, { redirect: 'manual' });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(body);
  });

  it.each([
    ['application/json', '[{"name":"Rex & Luna","breed":"Border Collie"},'],
    ['application/x-ndjson', '{"name":"Rex & Luna","breed":"Border Collie"}\n'],
    ['text/event-stream', 'data: {"name":"Rex & Luna","breed":"Border Collie"}\n\n'],
    ['text/csv', 'name,breed\r\nRex & Luna,Border Collie\r\nZoë,Dachshund\r\n'],
    ['application/vnd.msgpack', '\x94\x82\xa4name\xaaRex & Luna\xa5breed\xadBorder Collie'],
  ])('answers /kennel/ as %s', async (accept, start) => {
    const { url } = await startSample();
    const response = await fetch(`${url}/kennel/`, { headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')?.split(';')[0]).toBe(accept);
    const body = Buffer.from(await response.arrayBuffer());
    const text = accept.endsWith('msgpack') ? body.toString('latin1') : body.toString();
    expect(text.slice(0, start.length)).toBe(start);
    expect(text).not.toContain('inseparable');
  });

  it('redirects /old/ to /new/', async () => {
    const { url } = await startSample();
    const response = await fetch(`${url}/old/`);
    expect(response.url).toBe(`${url}/new/`);
    expect(await response.text()).toBe('This is the new place.');
  });

  it.each(['/sse/resume/', '/sse/resume/observable/'])('resumes with %s', async (path) => {
    const { url } = await startSample();
    const response = await fetch(`${url}${path}`, { headers: { 'Last-Event-ID': '1' } });
    expect(await response.text()).toBe(ticks(2));
  });

  it.each([
    ['/', '<code>{{ route.path }}</code>'],
    ['/', '{"path":"/sse/resume/","sends":"resumes after Last-Event-ID"}'],
    ['/page/', '{{ found.length }} of {{ puppies.length }}'],
    ['/page/', '<h2 title="Border Collie">Rex &amp; Luna</h2>'],
    ['/page/', '<p>Answers to {{ name }} as well.</p>'],
    ['/page/', String.raw`"name":"Bobby \u003c/script\u003e"`],
  ])('renders the page %s from a template, with %s', async (path, part) => {
    const { url } = await startSample();
    const response = await fetch(`${url}${path}`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain(part);
    expect(page).not.toMatch(/\|\|[@%*]/);
  });

  it.each([
    ['/schema/', 'application/vnd.oai.openapi+json'],
    ['/schema.yaml', 'application/yaml'],
    ['/docs/', 'text/html'],
  ])('documents its routes at %s', async (path, type) => {
    const { url } = await startSample();
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    await response.text();
  });

  it('serves Vue to its pages', async () => {
    const { url } = await startSample();
    const response = await fetch(`${url}/vue.js`);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toContain('createApp');
  });

  it('sends a file as a download that can be resumed', async () => {
    const { url } = await startSample();
    const whole = await fetch(`${url}/download/`);
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(whole.headers.get('content-type')).toBe('audio/wav');
    expect(whole.headers.get('content-disposition')).toBe(
      `attachment; filename="A scale ?.wav"; filename*=UTF-8''A%20scale%20%E2%99%AA.wav`,
    );
    const rest = await fetch(`${url}/download/`, {
      headers: { Range: 'bytes=1000000-', 'If-Range': whole.headers.get('etag') ?? '' },
    });
    expect(rest.status).toBe(206);
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(1_000_000))).toBe(true);
  });

  it('plays a file on a page', async () => {
    const { url } = await startSample();
    const page = await fetch(`${url}/media/`);
    expect(page.headers.get('content-disposition')).toBe('inline');
    expect(await page.text()).toContain('src="/media/scale/"');
    const part = await fetch(`${url}/media/scale/`, { headers: { Range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'RIFF']);
  });
});
