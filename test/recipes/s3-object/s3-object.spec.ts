import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parseMultipart } from '@remix-run/multipart-parser';
import { FileResponse } from 'nestjs-responses';
import { once } from 'node:events';
import { readFile, truncate } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import S3rver from 's3rver';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folder } from '../../support/folder.js';
import { platforms, type Platform } from '../../support/platforms.js';
import { request } from '../../support/request.js';
import { serve } from '../../support/serve.js';
import { S3Object } from './s3-object.js';

const MIB = 1024 * 1024;
const CONTENT = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
const Bucket = 'films';
const Key = 'film.mp4';

interface Upstream {
  readonly client: S3Client;
  /** The `Range` fields of the requests for content. */
  readonly ranges: (string | undefined)[];
  /** Requests that are still being answered. */
  readonly open: () => number;
  /** The bytes that the server has written to its sockets. */
  readonly bytesWritten: () => number;
  readonly put: (content: Buffer) => Promise<unknown>;
  /** Sets the size of the object. New bytes are zeros that take no space. */
  readonly resize: (size: number) => Promise<void>;
  /** Cuts the connections. */
  readonly cut: () => void;
}

/** Starts an S3-compatible server with one bucket. */
async function startUpstream(): Promise<Upstream> {
  const directory = await folder();
  const sockets = new Set<IncomingMessage['socket']>();
  const ranges: (string | undefined)[] = [];
  let open = 0;
  const s3 = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: Bucket, configs: [] }],
  });
  // This server lacks If-Match.
  s3.middleware.unshift(async (context, next) => {
    const { 'if-match': ifMatch, range } = context.req.headers;
    open += 1;
    context.res.once('close', () => {
      open -= 1;
    });
    if (context.method === 'GET') {
      ranges.push(range);
    }
    await next();
    if (ifMatch !== undefined && context.response.get('etag') !== ifMatch) {
      context.body?.destroy();
      context.body = null;
      context.status = 412;
    }
  });
  const { port } = await s3.run();
  const server = s3.httpServer as Server;
  server.on('connection', (socket) => void sockets.add(socket));
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
  onTestFinished(async () => {
    client.destroy();
    server.closeAllConnections();
    await s3.close();
  });
  const put = (Body: Buffer) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'video/mp4' }));
  await put(CONTENT);
  return {
    client,
    ranges,
    open: () => open,
    bytesWritten: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    put,
    resize: (size) => truncate(join(directory, Bucket, `${Key}._S3rver_object`), size),
    cut: () => sockets.forEach((socket) => void socket.destroy()),
  };
}

describe.each(platforms)('An object of S3 on $name', (platform: Platform) => {
  async function serveObject(upstream: Upstream, key = Key): Promise<string> {
    const { url } = await serve(platform, async () => {
      const object = await S3Object.open(upstream.client, Bucket, key);
      return new FileResponse(object, { etag: object.etag });
    });
    return url;
  }

  it('is sent whole, with its type and its validators', async () => {
    const upstream = await startUpstream();
    const { status, headers, body } = await request(await serveObject(upstream));
    expect([status, headers['content-type'], headers['content-length']]).toEqual([
      200,
      'video/mp4',
      '1000',
    ]);
    expect(headers.etag).toMatch(/^"[\da-f]{32}"$/);
    expect(headers['last-modified']).toBeDefined();
    expect(body).toEqual(CONTENT);
  });

  it('of 1 GiB transfers only the bytes that a client seeks to', async () => {
    const upstream = await startUpstream();
    await upstream.resize(1024 * MIB);
    const url = await serveObject(upstream);
    const before = upstream.bytesWritten();
    const range = `bytes=${1000 * MIB}-${1000 * MIB + 9_999}`;
    const { status, headers, body } = await request(url, { headers: { range } });
    expect([status, body.length]).toEqual([206, 10_000]);
    expect(headers['content-range']).toBe(
      `bytes ${1000 * MIB}-${1000 * MIB + 9_999}/${1024 * MIB}`,
    );
    expect(upstream.ranges).toEqual([range]);
    expect(upstream.bytesWritten() - before).toBeLessThan(12_000);
  });

  it('is asked once for each part of a multipart answer', async () => {
    const upstream = await startUpstream();
    const url = await serveObject(upstream);
    const { headers, body } = await request(url, {
      headers: { range: 'bytes=0-9,500-509,-10' },
    });
    const [, boundary = ''] = headers['content-type']?.split('boundary=') ?? [];
    const parts = [...parseMultipart(body, { boundary })].map(({ bytes }) => Buffer.from(bytes));
    expect(parts).toEqual([
      CONTENT.subarray(0, 10),
      CONTENT.subarray(500, 510),
      CONTENT.subarray(990),
    ]);
    expect(upstream.ranges).toEqual(['bytes=0-9', 'bytes=500-509', 'bytes=990-999']);
  });

  it.each([
    ['HEAD', 'HEAD', {}, 200],
    ['a client that has it', 'GET', { 'if-none-match': '*' }, 304],
    ['a range beyond its end', 'GET', { range: 'bytes=1000-' }, 416],
  ] as const)('is not fetched for %s', async (_, method, headers, status) => {
    const upstream = await startUpstream();
    const url = await serveObject(upstream);
    expect((await request(url, { method, headers })).status).toBe(status);
    expect(upstream.ranges).toEqual([]);
  });

  it('that does not exist is a 404', async () => {
    const url = await serveObject(await startUpstream(), 'missing.mp4');
    expect((await request(url)).status).toBe(404);
  });

  it('is no longer fetched once the client has left', async () => {
    const upstream = await startUpstream();
    await upstream.resize(1024 * MIB);
    const url = await serveObject(upstream);
    const outgoing = httpGet(url, { agent: false });
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    incoming.on('error', () => undefined);
    await once(incoming, 'data');
    expect(upstream.open()).toBe(1);
    incoming.destroy();
    await vi.waitFor(() => expect(upstream.open()).toBe(0));
    expect(upstream.bytesWritten()).toBeLessThan(200 * MIB);
  });

  it('cuts the connection if the upstream fails after the head', async () => {
    const upstream = await startUpstream();
    await upstream.resize(1024 * MIB);
    const url = await serveObject(upstream);
    const outgoing = httpGet(url, { agent: false });
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    incoming.on('error', () => undefined);
    const closed = new Promise((resolve) => incoming.once('close', resolve));
    await once(incoming, 'data');
    upstream.cut();
    incoming.resume();
    await closed;
    expect([incoming.statusCode, incoming.complete]).toEqual([200, false]);
  });

  it('that has changed is never mixed into a resumed download', async () => {
    const upstream = await startUpstream();
    const url = await serveObject(upstream);
    const { etag = '' } = (await request(url)).headers;
    const changed = Buffer.alloc(1000, 'b');
    await upstream.put(changed);
    const headers = { range: 'bytes=500-', 'if-range': etag };
    const { status, body } = await request(url, { headers });
    expect([status, body]).toEqual([200, changed]);
  });

  it('that changes after it was opened fails, instead of sending another version', async () => {
    const upstream = await startUpstream();
    const { url } = await serve(platform, async () => {
      const object = await S3Object.open(upstream.client, Bucket, Key);
      await upstream.put(Buffer.alloc(1000, 'b'));
      return new FileResponse(object, { etag: object.etag });
    });
    const { status, body } = await request(url);
    expect(status).toBe(500);
    expect(body.includes('bbbb')).toBe(false);
  });
});

it('is shown in docs/guides/files-from-s3.md as it is', async () => {
  const [page, code] = await Promise.all([
    readFile(new URL('../../../docs/guides/files-from-s3.md', import.meta.url), 'utf8'),
    readFile(new URL('./s3-object.ts', import.meta.url), 'utf8'),
  ]);
  expect(page).toContain(`\`\`\`ts\n${code}\`\`\``);
});
