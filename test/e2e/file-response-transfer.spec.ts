import compression from 'compression';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileResponse, type SentResponse } from '../../src/index.js';
import { openDescriptors, tellsOpenFiles } from '../support/descriptors.js';
import { deferred } from '../support/deferred.js';
import { folder } from '../support/folder.js';
import { platforms, type RunningApplication } from '../support/platforms.js';
import { request } from '../support/request.js';
import { serve } from '../support/serve.js';
import { slowReaders } from '../support/slow-readers.js';

const MIB = 1024 * 1024;

/** The path of a file that is all zeros, and takes no space. */
async function sparseFile(size: number): Promise<string> {
  const path = join(await folder({ 'sparse.bin': '' }), 'sparse.bin');
  await truncate(path, size);
  return path;
}

/** Begins to read the answer to a GET of the root, and pauses as soon as something has come. */
async function beginReading({ url }: RunningApplication): Promise<IncomingMessage> {
  const outgoing = httpGet(url, { agent: false });
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  incoming.on('error', () => undefined);
  await once(incoming, 'data');
  incoming.pause();
  return incoming;
}

/** Reads to the end, or until the connection is cut. */
async function readOn(incoming: IncomingMessage): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  incoming.resume();
  await closed(incoming);
  return { bytes, sha256: hash.digest('hex') };
}

/** Unlike `once()`, does not mind that it was cut. */
function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => stream.once('close', () => resolve()));
}

function connectTo(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe.each(platforms)('A transfer on $name', (platform) => {
  describe.runIf(tellsOpenFiles)('leaves no descriptor open', () => {
    it('if 200 clients disconnect in the middle of 100 MB', { timeout: 60_000 }, async () => {
      const path = await sparseFile(100 * MIB);
      const app = await serve(platform, () => new FileResponse(path));
      const clients = await Promise.all(Array.from({ length: 200 }, () => beginReading(app)));
      expect(await openDescriptors(path)).toBe(200);
      clients.forEach((client) => client.destroy());
      await vi.waitFor(async () => expect(await openDescriptors(path)).toBe(0), 30_000);
      expect((await request(app.url, { headers: { range: 'bytes=-1' } })).status).toBe(206);
    });

    it.each<[what: string, method: string, headers: Record<string, string>, status: number]>([
      ['the whole', 'GET', {}, 200],
      ['a part', 'GET', { range: 'bytes=0-9' }, 206],
      ['several parts', 'GET', { range: 'bytes=0-9,20-29' }, 206],
      ['a part that is not there', 'GET', { range: 'bytes=9999999-' }, 416],
      ['a file that the client has', 'GET', { 'if-none-match': '*' }, 304],
      ['a file that the client does not have', 'GET', { 'if-match': '"a"' }, 412],
      ['the head alone', 'HEAD', {}, 200],
    ])('after %s', async (_, method, headers, status) => {
      const path = await sparseFile(3 * MIB);
      const { url } = await serve(platform, () => new FileResponse(path));
      expect((await request(url, { method, headers })).status).toBe(status);
      await vi.waitFor(async () => expect(await openDescriptors(path)).toBe(0));
    });

    it('if the client disconnects before the handler returns', async () => {
      const path = await sparseFile(MIB);
      const left = deferred();
      const handled = deferred<IncomingMessage>();
      const delivered = deferred();
      class WatchedResponse extends FileResponse {
        override async deliver(...exchange: Parameters<FileResponse['deliver']>): Promise<void> {
          await super.deliver(...exchange).finally(delivered.resolve);
        }
      }
      const { port, url } = await serve(platform, async (incoming) => {
        if (!incoming.url?.includes('leave')) {
          return 'still there';
        }
        handled.resolve(incoming);
        await left.promise;
        return new WatchedResponse(path);
      });
      const socket = connectTo(port);
      socket.write('GET /?leave HTTP/1.1\r\nHost: a\r\n\r\n');
      const incoming = await handled.promise;
      socket.destroy();
      const raw = 'raw' in incoming ? (incoming.raw as IncomingMessage) : incoming;
      await closed(raw.socket);
      left.resolve();
      await delivered.promise;
      expect(await openDescriptors(path)).toBe(0);
      expect((await request(url)).status).toBe(200);
    });

    it('if a client stops reading, and is cut', async () => {
      const path = await sparseFile(100 * MIB);
      const app = await serve(platform, () => new FileResponse(path), {
        responses: { streams: { sendTimeout: 100 } },
      });
      const incoming = await beginReading(app);
      await vi.waitFor(async () => expect(await openDescriptors(path)).toBe(0), 10_000);
      expect((await readOn(incoming)).bytes).toBeLessThan(100 * MIB);
      expect(incoming.complete).toBe(false);
    });

    it('without the module', async () => {
      const path = await sparseFile(20 * MIB);
      const app = await serve(platform, () => new FileResponse(path), { responses: false });
      (await beginReading(app)).destroy();
      await vi.waitFor(async () => expect(await openDescriptors(path)).toBe(0));
      const { status, headers, body } = await request(app.url);
      expect([status, body.length]).toEqual([200, 20 * MIB]);
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment',
      });
      await vi.waitFor(async () => expect(await openDescriptors(path)).toBe(0));
    });

    it('if nothing reads it', async () => {
      const path = await sparseFile(MIB);
      const stream = new FileResponse(path).getStream();
      stream.destroy();
      await once(stream, 'close');
      expect(await openDescriptors(path)).toBe(0);
    });
  });

  it('cuts the connection if the file has become shorter', async () => {
    const path = await sparseFile(100 * MIB);
    const app = await serve(platform, () => new FileResponse(path));
    const incoming = await beginReading(app);
    await truncate(path, 10);
    const { bytes } = await readOn(incoming);
    expect(incoming.complete).toBe(false);
    expect(bytes).toBeLessThan(100 * MIB);
  });

  it('sends no more than it announced if the file has become longer', async () => {
    const path = await sparseFile(30 * MIB);
    const app = await serve(platform, () => new FileResponse(path));
    const incoming = await beginReading(app);
    await truncate(path, 50 * MIB);
    await readOn(incoming);
    expect([incoming.complete, incoming.headers['content-length']]).toEqual([true, `${30 * MIB}`]);
  });

  it.each<[what: string, change: (path: string) => Promise<unknown>]>([
    ['replaced', (path) => writeFile(`${path}.new`, 'new').then(() => rename(`${path}.new`, path))],
    ['removed', (path) => unlink(path)],
  ])('sends a file whole, as it was opened, that is %s meanwhile', async (_, change) => {
    const content = randomBytes(30 * MIB);
    const path = join(await folder({ 'film.bin': content }), 'film.bin');
    const app = await serve(platform, () => new FileResponse(path));
    const outgoing = httpGet(app.url, { agent: false });
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    await change(path);
    const { sha256 } = await readOn(incoming);
    expect(incoming.complete).toBe(true);
    expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('uses little memory for 50 slow readers of 1 GB', { timeout: 60_000 }, async () => {
    const path = await sparseFile(1024 * MIB);
    const { port } = await serve(platform, () => new FileResponse(path));
    await (
      await slowReaders(port, 1, 32 * MIB)
    )();
    const before = process.memoryUsage.rss();
    const leave = await slowReaders(port, 50, 8 * MIB);
    const held = process.memoryUsage.rss() - before;
    await leave();
    expect(held).toBeLessThan(100 * MIB);
  });

  it('keeps concurrent files separate', async () => {
    const files = Array.from({ length: 8 }, (_, index) =>
      Buffer.alloc(5 * MIB + index, index + 65),
    );
    const root = await folder(
      Object.fromEntries(files.map((content, index) => [`${index}`, content])),
    );
    const { url } = await serve(
      platform,
      (incoming) => new FileResponse(incoming.url?.slice(2) ?? '', { root }),
    );
    const bodies = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => (await request(`${url}/?${index % 8}`)).body),
    );
    expect(bodies.every((body, index) => body.equals(files[index % 8] as Buffer))).toBe(true);
  });

  it('leaves the connection usable for the next request, and for pipelined ones', async () => {
    const root = await folder({ 'a.txt': 'a'.repeat(2 * MIB) });
    const slow = deferred();
    const { port } = await serve(
      platform,
      async ({ url }) => {
        if (url === '/?slow') {
          await slow.promise;
        }
        return new FileResponse('a.txt', { root });
      },
      { responses: { streams: { sendTimeout: 50 } } },
    );
    const socket = connectTo(port);
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      // The first answer is there, and its time is over while the second waits for its handler.
      if (received.length > 2 * MIB && received.endsWith('a')) {
        setTimeout(() => slow.resolve(), 200);
      }
    });
    socket.write(
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n' +
        'GET /?slow HTTP/1.1\r\nHost: a\r\nRange: bytes=0-3\r\nConnection: close\r\n\r\n',
    );
    await once(socket, 'end');
    expect(received.endsWith('\r\n\r\naaaa')).toBe(true);
  });

  it('tells background tasks what was sent, and runs none if the client disconnected', async () => {
    const path = await sparseFile(50 * MIB);
    const ran: [string, SentResponse][] = [];
    const app = await serve(platform, (incoming) => {
      const name = incoming.url?.slice(2) ?? '';
      return new FileResponse(path, { background: (sent) => ran.push([name, sent]) });
    });
    const sent: [string, string, Record<string, string>, SentResponse][] = [
      ['whole', 'GET', {}, { statusCode: 200, isWhole: true }],
      ['part', 'GET', { range: 'bytes=0-9' }, { statusCode: 206, isWhole: false }],
      ['head', 'HEAD', {}, { statusCode: 200, isWhole: false }],
      ['fresh', 'GET', { 'if-none-match': '*' }, { statusCode: 304, isWhole: false }],
      ['gone', 'GET', { 'if-match': '"a"' }, { statusCode: 412, isWhole: false }],
      ['beyond', 'GET', { range: `bytes=${50 * MIB}-` }, { statusCode: 416, isWhole: false }],
    ];
    (await beginReading({ ...app, url: `${app.url}/?left` })).destroy();
    for (const [name, method, headers] of sent) {
      await request(`${app.url}/?${name}`, { method, headers });
    }
    await vi.waitFor(() => expect(ran).toHaveLength(6));
    await setImmediate();
    expect(ran).toEqual(sent.map(([name, , , told]) => [name, told]));
  });

  describe('behind the compression middleware', () => {
    const TEXT = randomBytes(3 * MIB).toString('hex');

    async function serveText(): Promise<RunningApplication> {
      const root = await folder({ 'a.txt': TEXT });
      return serve(platform, () => new FileResponse('a.txt', { root }), {
        configure: (app) => app.use(compression()),
      });
    }

    it('is compressed as a whole, with a weak tag', async () => {
      const { url } = await serveText();
      const { headers, body } = await request(url, { headers: { 'accept-encoding': 'gzip' } });
      expect(headers['content-encoding']).toBe('gzip');
      expect(headers.etag).toMatch(/^W\/"/);
      expect(gunzipSync(body).toString() === TEXT).toBe(true);
      const fresh = await request(url, { headers: { 'if-none-match': headers.etag ?? '' } });
      expect(fresh.status).toBe(304);
    });

    it('is sent in ranges without compression', async () => {
      const { url } = await serveText();
      const { status, headers, body } = await request(url, {
        headers: { 'accept-encoding': 'gzip', range: 'bytes=1000-99999' },
      });
      expect([status, headers['content-encoding'], headers['content-length']]).toEqual([
        206,
        undefined,
        '99000',
      ]);
      expect(headers['cache-control']).toBe('no-transform');
      expect(String(body) === TEXT.slice(1000, 100_000)).toBe(true);
    });

    it.runIf(tellsOpenFiles)('closes the file if the client disconnects', async () => {
      const path = join(await folder({ 'a.txt': '' }), 'a.txt');
      await writeFile(path, randomBytes(50 * MIB));
      const app = await serve(platform, () => new FileResponse(path), {
        configure: (nest) => nest.use(compression()),
      });
      (await beginReading(app)).destroy();
      await vi.waitFor(async () => expect(await openDescriptors(path)).toBe(0));
    });
  });
});
