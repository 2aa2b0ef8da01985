import { Controller, Get, Header } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { of } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EmptyResponse, FileResponse, JSONResponse, NDJSONResponse } from '../../src/index.js';
import { platforms, start, type Platform } from '../support/platforms.js';
import { request } from '../support/request.js';

const HOP_BY_HOP = {
  'Transfer-Encoding': 'chunked',
  'Keep-Alive': 'timeout=99',
  'Proxy-Connection': 'keep-alive',
  TE: 'trailers',
  Trailer: 'X-Sum',
  Connection: 'keep-alive, X-Own',
};

@Controller()
class AnyController {
  @Get('json')
  json() {
    return new JSONResponse('a', { headers: HOP_BY_HOP });
  }

  @Get('empty')
  empty() {
    return new EmptyResponse({ headers: HOP_BY_HOP });
  }

  @Get('file')
  file() {
    return new FileResponse(Buffer.from('"a"'), { headers: HOP_BY_HOP });
  }

  @Get('stream')
  stream() {
    return new NDJSONResponse(of('a'), { headers: HOP_BY_HOP });
  }

  @Get('earlier')
  @Header('Transfer-Encoding', 'chunked')
  @Header('Trailer', 'X-Sum')
  earlier() {
    return new JSONResponse('a');
  }

  @Get('close')
  close() {
    return new JSONResponse('a', { headers: { Connection: 'close' } });
  }

  @Get('all')
  all() {
    const own = {
      Connection: 'close',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
    };
    return new JSONResponse('a', { headers: { ...HOP_BY_HOP, ...own, 'X-Own': 'kept' } });
  }

  @Get('upgrade')
  upgrade() {
    const headers = { Connection: 'Upgrade', Upgrade: 'h2c' };
    return new JSONResponse('a', { statusCode: 426, headers });
  }
}

describe.each(platforms)('Fields of the connection on $name', (platform) => {
  it.each<[path: string, framing: object, body: string]>([
    ['json', { 'content-length': '3' }, '"a"'],
    ['file', { 'content-length': '3' }, '"a"'],
    ['earlier', { 'content-length': '3' }, '"a"'],
    ['empty', {}, ''],
    ['stream', { 'transfer-encoding': 'chunked' }, '"a"\n'],
  ])('are left to Node in the response of /%s', async (path, framing, body) => {
    const { url } = await start(platform, { controllers: [AnyController] });
    const answer = await request(`${url}/${path}`);
    expect(String(answer.body)).toBe(body);
    const { headers } = answer;
    const names = ['content-length', 'transfer-encoding', 'proxy-connection', 'te', 'trailer'];
    const found = Object.fromEntries(
      names.filter((name) => name in headers).map((name) => [name, headers[name]]),
    );
    expect(found).toEqual(framing);
    expect(headers['keep-alive']).not.toBe('timeout=99');
    // The client asked for it.
    expect(headers.connection).toBe('close');
  });

  it('can close the connection, or name a protocol to upgrade to', async () => {
    const { url } = await start(platform, { controllers: [AnyController] });
    expect((await fetch(`${url}/close`)).headers.get('connection')).toBe('close');
    const { status, headers } = await request(`${url}/upgrade`);
    expect([status, headers['upgrade']]).toEqual([426, 'h2c']);
  });
});

it('Fields of the connection are left out on HTTP/2', async () => {
  const { url } = await start(platforms[1] as Platform, {
    adapter: new FastifyAdapter({ http2: true } as never),
    controllers: [AnyController],
  });
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':path': '/all' });
  const [headers] = (await once(stream, 'response')) as [Record<string, string>];
  expect(await text(stream)).toBe('"a"');
  expect(Object.keys(headers).sort()).toEqual([
    ':status',
    'content-length',
    'content-type',
    'date',
    'x-own',
  ]);
});
