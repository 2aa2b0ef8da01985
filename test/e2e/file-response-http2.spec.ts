import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { truncate } from 'node:fs/promises';
import {
  connect,
  constants,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileResponse } from '../../src/index.js';
import { openDescriptors, tellsOpenFiles } from '../support/descriptors.js';
import { fileSources, type FileSourceKind } from '../support/file-sources.js';
import { folder } from '../support/folder.js';
import { serve } from '../support/serve.js';

const FILE = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));
const fastify = { name: 'Fastify' as const, adapter: () => new FastifyAdapter({ http2: true }) };

async function serveKind(kind: FileSourceKind): Promise<ClientHttp2Session> {
  const { source, options } = await kind.make(FILE, 'film.mp4');
  const { url } = await serve(fastify, () => new FileResponse(source, options));
  const session = connect(url);
  onTestFinished(() => session.destroy());
  return session;
}

async function serveFile(): Promise<{ session: ClientHttp2Session; path: string }> {
  const path = join(await folder({ 'film.mp4': FILE }), 'film.mp4');
  const { url } = await serve(fastify, () => new FileResponse(path));
  const session = connect(url);
  onTestFinished(() => session.destroy());
  return { session, path };
}

async function exchange(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const stream = session.request({ ':path': '/', ...headers });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  // An answer without a body is over as soon as its head is there.
  const over = once(stream, 'close');
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  await over;
  return { headers: head, body: Buffer.concat(chunks) };
}

describe.each(fileSources)('A FileResponse of $name over HTTP/2', (kind) => {
  it('is sent whole', async () => {
    const session = await serveKind(kind);
    const { headers, body } = await exchange(session, {});
    expect(headers).toMatchObject({ ':status': 200, 'content-length': '3000000' });
    expect(body.equals(FILE)).toBe(true);
  });

  it('is sent in part', async () => {
    const session = await serveKind(kind);
    const { headers, body } = await exchange(session, { range: 'bytes=-2000000' });
    expect(headers).toMatchObject({
      ':status': 206,
      'content-length': '2000000',
      'content-range': 'bytes 1000000-2999999/3000000',
    });
    expect(body.equals(FILE.subarray(1_000_000))).toBe(true);
  });

  it.each<[what: string, headers: OutgoingHttpHeaders, status: number, length: string | undefined]>(
    [
      ['HEAD', { ':method': 'HEAD' }, 200, '3000000'],
      ['what the client has', { 'if-none-match': '*' }, 304, undefined],
      ['what the client does not have', { 'if-match': '"a"' }, 412, '0'],
      ['a part that is not there', { range: 'bytes=3000000-' }, 416, '0'],
    ],
  )('is answered to %s without a body', async (_, headers, status, length) => {
    const session = await serveKind(kind);
    const answer = await exchange(session, headers);
    expect([
      answer.headers[':status'],
      answer.headers['content-length'],
      answer.body.length,
    ]).toEqual([status, length, 0]);
  });
});

describe('A FileResponse of a path over HTTP/2', () => {
  it('is cut with a stream error if the file has become shorter', async () => {
    const { session, path } = await serveFile();
    const stream = session.request({ ':path': '/' });
    await once(stream, 'response');
    await truncate(path, 10);
    const errored = new Promise<void>((resolve) => stream.once('error', () => resolve()));
    stream.resume();
    await errored;
    expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  });

  it.runIf(tellsOpenFiles)('is closed if the client closes its stream', async () => {
    const { session, path } = await serveFile();
    const stream = session.request({ ':path': '/' });
    await once(stream, 'data');
    expect(await openDescriptors(path)).toBe(1);
    stream.close(constants.NGHTTP2_CANCEL);
    await vi.waitFor(async () => expect(await openDescriptors(path)).toBe(0));
  });
});
