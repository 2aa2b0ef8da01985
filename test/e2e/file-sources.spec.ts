import { NotFoundException } from '@nestjs/common';
import compression from 'compression';
import { Blob, File } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import {
  FileResponse,
  type BlobLike,
  type FileResponseOptions,
  type FileSource,
  type FileStream,
} from '../../src/index.js';
import { deferred } from '../support/deferred.js';
import { fileSources, remoteObject } from '../support/file-sources.js';
import { folder, MODIFIED } from '../support/folder.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms } from '../support/platforms.js';
import { request } from '../support/request.js';
import { serve } from '../support/serve.js';
import { slowReaders } from '../support/slow-readers.js';

const MIB = 1024 * 1024;

/** An object of 1,000 bytes whose slices are made by `open`. */
function objectOf(open: (start: number, end: number, signal: AbortSignal) => FileStream): BlobLike {
  return {
    size: 1000,
    slice: (start, end) => ({ stream: ({ signal }) => open(start, end, signal) }),
  };
}

describe.each(platforms)('A FileResponse on $name', (platform) => {
  async function serveSource(
    source: FileSource,
    options: FileResponseOptions = {},
  ): Promise<string> {
    const { url } = await serve(platform, () => new FileResponse(source, options));
    return url;
  }

  describe('of bytes', () => {
    it('has a strong tag of its content', async () => {
      const tagOf = async (content: string) =>
        (await request(await serveSource(Buffer.from(content)))).headers.etag;
      const [one, same, other] = [await tagOf('a'), await tagOf('a'), await tagOf('b')];
      expect(one).toBe(`"${createHash('sha256').update('a').digest('base64url')}"`);
      expect([same === one, other === one]).toEqual([true, false]);
    });

    it('has the same kind of tag if it is large', async () => {
      const content = randomBytes(3 * MIB);
      const { headers } = await request(await serveSource(content));
      expect(headers.etag).toBe(`"${createHash('sha256').update(content).digest('base64url')}"`);
    });

    it('has a tag of only its part of a larger buffer', async () => {
      const larger = Buffer.from('before the middle and after');
      const view = larger.subarray(7, 17);
      const { headers, body } = await request(await serveSource(view));
      expect([String(body), headers['content-length']]).toEqual(['the middle', '10']);
      expect(headers.etag).toBe(`"${createHash('sha256').update(view).digest('base64url')}"`);
    });

    it('may be empty', async () => {
      const { status, headers, body } = await request(await serveSource(new Uint8Array()));
      expect([status, headers['content-length'], body.length]).toEqual([200, '0', 0]);
    });

    it('has the type of its filename', async () => {
      const url = await serveSource(Buffer.from('%PDF'), { filename: 'invoice.pdf' });
      const { headers } = await request(url);
      expect(headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-disposition': 'attachment; filename=invoice.pdf',
      });
      expect(headers['last-modified']).toBeUndefined();
    });
  });

  describe('of a Blob', () => {
    it('has the type of the Blob', async () => {
      const url = await serveSource(new Blob(['a,b'], { type: 'text/csv' }));
      const { headers } = await request(url);
      expect(headers['content-type']).toBe('text/csv; charset=utf-8');
      expect([headers.etag, headers['last-modified']]).toEqual([undefined, undefined]);
    });

    it('has name, type and time of a File', async () => {
      const file = new File(['{}'], 'Übung.json', {
        type: 'application/json',
        lastModified: MODIFIED.getTime(),
      });
      const { headers } = await request(await serveSource(file));
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'content-disposition': `attachment; filename="?bung.json"; filename*=UTF-8''%C3%9Cbung.json`,
        'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
      });
    });

    it('has the type of the name of a File without a type', async () => {
      const { headers } = await request(await serveSource(new File(['a'], 'a.txt')));
      expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    });

    it('has the name of the option rather than that of the File', async () => {
      const url = await serveSource(new File(['a'], 'upload.txt'), { filename: 'a.txt' });
      const { headers } = await request(url);
      expect(headers['content-disposition']).toBe('attachment; filename=a.txt');
    });

    it('is sent if an uploaded name has a line break', async () => {
      const url = await serveSource(new File(['a'], 'a\r\nSet-Cookie: b.txt'));
      const { headers } = await request(url);
      expect(headers['content-disposition']).toBe('attachment; filename="a__Set-Cookie: b.txt"');
    });

    it('from fs.openAsBlob() cuts the connection if the file changes', async () => {
      const path = join(await folder({ 'a.bin': Buffer.alloc(50 * MIB) }), 'a.bin');
      const blob = await openAsBlob(path);
      const url = await serveSource(blob);
      const outgoing = httpGet(url, { agent: false });
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      incoming.on('error', () => undefined);
      const closed = new Promise((resolve) => incoming.once('close', resolve));
      await once(incoming, 'data');
      incoming.pause();
      await writeFile(path, 'shorter');
      incoming.resume();
      await closed;
      expect(incoming.complete).toBe(false);
    });
  });

  describe('of an object with slices', () => {
    it.each<[what: string, stream: (bytes: Buffer) => FileStream | Promise<FileStream>]>([
      ['a web stream', (bytes) => new Blob([bytes]).stream() as ReadableStream<Uint8Array>],
      ['a Readable', (bytes) => Readable.from([bytes])],
      [
        'an async generator',
        async function* (bytes) {
          yield* [bytes.subarray(0, 1), bytes.subarray(1)];
        },
      ],
      ['a promise of a stream', (bytes) => Promise.resolve(Readable.from([bytes]))],
      ['a stream that ends with nothing', (bytes) => Readable.from([bytes, Buffer.alloc(0)])],
    ])('may be streamed by %s', async (_, stream) => {
      const content = randomBytes(1000);
      const url = await serveSource({
        size: 1000,
        slice: (start: number, end: number) => ({
          stream: () => stream(content.subarray(start, end)),
        }),
      });
      expect((await request(url)).body).toEqual(content);
      const part = await request(url, { headers: { range: 'bytes=10-19' } });
      expect(part.body).toEqual(content.subarray(10, 20));
    });

    it.each<[what: string, slice: BlobLike['slice'], status: number]>([
      [
        'throws',
        () => {
          throw new NotFoundException();
        },
        404,
      ],
      ['rejects', () => Promise.reject(new NotFoundException()), 404],
      [
        'has a stream() that throws',
        () => ({
          stream: () => {
            throw new Error('secret');
          },
        }),
        500,
      ],
      ['has a stream that fails at once', () => objectFailing(), 500],
    ])('is an exception if a slice %s', async (_, slice, status) => {
      const { status: actual, body } = await request(await serveSource({ size: 1000, slice }));
      expect(actual).toBe(status);
      expect(String(body)).not.toContain('secret');
    });

    function objectFailing(): ReturnType<BlobLike['slice']> {
      return {
        stream: () =>
          new Readable({
            read() {
              this.destroy(new Error('secret'));
            },
          }),
      };
    }

    it.each<[what: string, chunks: Buffer[]]>([
      ['ends early', [Buffer.alloc(600), Buffer.alloc(100)]],
      ['has more bytes than asked for', [Buffer.alloc(600), Buffer.alloc(600)]],
      ['goes on after its last byte', [Buffer.alloc(600), Buffer.alloc(400), Buffer.alloc(1)]],
    ])('cuts the connection if a slice %s', async (_, chunks) => {
      const logs = new LogCollector();
      const { url } = await serve(
        platform,
        () => new FileResponse(objectOf(() => Readable.from(chunks))),
        { configure: (app) => app.useLogger(logs) },
      );
      const { status, isComplete, body } = await request(url);
      expect([status, isComplete, body.length < 1000]).toEqual([200, false, true]);
      await vi.waitFor(() =>
        expect(logs.entries.join('\n')).toContain('a file could not be sent in full'),
      );
    });

    it('may be larger than 4 GiB', async () => {
      const size = 5 * 1024 * MIB;
      const asked: [number, number][] = [];
      const url = await serveSource({
        size,
        slice: (start: number, end: number) => {
          asked.push([start, end]);
          return { stream: () => Readable.from([Buffer.alloc(end - start, 1)]) };
        },
      });
      const { headers, body } = await request(url, { headers: { range: 'bytes=-10' } });
      expect(headers['content-range']).toBe(`bytes ${size - 10}-${size - 1}/${size}`);
      expect([body.length, asked]).toEqual([10, [[size - 10, size]]]);
      const head = await request(url, { method: 'HEAD' });
      expect(head.headers['content-length']).toBe(String(size));
    });

    it('is not asked for bytes that are not sent', async () => {
      let asked = 0;
      const url = await serveSource(
        {
          size: 10,
          slice: () => {
            asked += 1;
            throw new Error('not reached');
          },
        },
        { etag: '"a"' },
      );
      const statuses = await Promise.all([
        request(url, { method: 'HEAD' }),
        request(url, { headers: { 'if-none-match': '"a"' } }),
        request(url, { headers: { 'if-match': '"b"' } }),
        request(url, { headers: { range: 'bytes=10-' } }),
      ]);
      expect([statuses.map(({ status }) => status), asked]).toEqual([[200, 304, 412, 416], 0]);
    });

    it.each<[what: string, stream: (stopped: () => void) => FileStream]>([
      [
        'a web stream',
        (stopped) =>
          new ReadableStream<Uint8Array>({
            start: (controller) => controller.enqueue(new Uint8Array(10)),
            cancel: stopped,
          }),
      ],
      [
        'a Readable',
        (stopped) => {
          const readable = new Readable({ read: () => undefined });
          readable.push(Buffer.alloc(10));
          return readable.once('close', stopped);
        },
      ],
    ])('stops %s that is quiet when the client leaves', async (_, stream) => {
      const stopped = deferred();
      const aborted = deferred();
      const url = await serveSource(
        objectOf((_start, _end, signal) => {
          signal.addEventListener('abort', () => aborted.resolve());
          return stream(stopped.resolve);
        }),
      );
      const outgoing = httpGet(url, { agent: false });
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      incoming.on('error', () => undefined);
      await once(incoming, 'data');
      incoming.destroy();
      await expect(Promise.all([stopped.promise, aborted.promise])).resolves.toBeDefined();
    });

    it('aborts the signal if the client leaves before the first byte', async () => {
      const asked = deferred();
      const aborted = deferred();
      const url = await serveSource(
        objectOf((_start, _end, signal) => {
          asked.resolve();
          signal.addEventListener('abort', () => aborted.resolve());
          return new Readable({ read: () => undefined });
        }),
      );
      const outgoing = httpGet(url, { agent: false }).on('error', () => undefined);
      await asked.promise;
      outgoing.destroy();
      await expect(aborted.promise).resolves.toBeUndefined();
    });

    it('is read only as fast as the client reads', async () => {
      let read = 0;
      const { port } = await serve(
        platform,
        () =>
          new FileResponse({
            size: 1024 * MIB,
            slice: () => ({
              stream: async function* () {
                for (; read < 1024; read += 1) {
                  yield Buffer.alloc(MIB);
                }
              },
            }),
          }),
      );
      const leave = await slowReaders(port, 1, 4 * MIB);
      expect(read).toBeLessThan(64);
      await leave();
    });
  });

  it.each(fileSources)('of $name is compressed by middleware, but not in ranges', async (kind) => {
    const content = Buffer.from(randomBytes(50_000).toString('hex'));
    const { source, options } = await kind.make(content, 'a.txt');
    const { url } = await serve(platform, () => new FileResponse(source, options), {
      configure: (app) => app.use(compression()),
    });
    const headers = { 'accept-encoding': 'gzip' };
    const whole = await request(url, { headers });
    expect(whole.headers['content-encoding']).toBe('gzip');
    expect(whole.headers.etag).toMatch(/^W\//);
    expect(gunzipSync(whole.body).equals(content)).toBe(true);
    const part = await request(url, { headers: { ...headers, range: 'bytes=-90000' } });
    expect([part.status, part.headers['content-encoding']]).toEqual([206, undefined]);
    expect(part.body.equals(content.subarray(10_000))).toBe(true);
  });

  it.each(fileSources)('of $name is sent without the module', async (kind) => {
    const { source, options } = await kind.make(Buffer.from('content'), 'a.txt');
    const { url } = await serve(platform, () => new FileResponse(source, options), {
      responses: false,
    });
    const { status, headers, body } = await request(url);
    expect([status, headers['content-type'], String(body)]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'content',
    ]);
  });

  it('of the same Blob can answer every request', async () => {
    const constant = new FileResponse(remoteObject(Buffer.from('hello')), { etag: '"a"' });
    const { url } = await serve(platform, () => constant);
    const bodies = await Promise.all(Array.from({ length: 20 }, () => request(url)));
    expect(bodies.every(({ body }) => String(body) === 'hello')).toBe(true);
  });

  it.each<[options: FileResponseOptions, field: string]>([
    [{ maxAge: 60, immutable: true }, 'public, max-age=60, immutable'],
    [{ maxAge: 60, immutable: false }, 'public, max-age=60'],
  ])('with %j can be cached', async (options, field) => {
    const { headers } = await request(await serveSource(Buffer.from('a'), options));
    expect(headers['cache-control']).toBe(field);
  });

  it.each<[lastModified: Date | number]>([[MODIFIED], [MODIFIED.getTime()]])(
    'has the given validators (%s)',
    async (lastModified) => {
      const url = await serveSource(Buffer.from('a'), { etag: 'W/"v1"', lastModified });
      const { headers } = await request(url);
      expect(headers).toMatchObject({
        etag: 'W/"v1"',
        'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
      });
      expect((await request(url, { headers: { 'if-none-match': '"v1"' } })).status).toBe(304);
    },
  );
});

describe('new FileResponse()', () => {
  it.each<[source: unknown, message: string]>([
    [undefined, 'Undefined has no "size" and no "slice()"'],
    [null, 'Null has no "size" and no "slice()"'],
    [42, 'A number has no "size" and no "slice()"'],
    [{ slice: () => undefined }, 'The object has no "size".'],
    [{ size: 1 }, 'The object has no "slice()".'],
    [Readable.from([]), 'An instance of Readable has no "size" and no "slice()".'],
    [{ size: -1, slice: () => undefined }, 'non-negative integer, in bytes, got -1'],
    [{ size: 1.5, slice: () => undefined }, 'non-negative integer, in bytes, got 1.5'],
    [{ size: '1', slice: () => undefined }, 'non-negative integer, in bytes, got 1'],
    [new ArrayBuffer(1), 'got an instance of ArrayBuffer'],
    [new Float32Array(1), 'got an instance of Float32Array'],
    [new URL('https://example.org/a'), 'got a "https:" URL'],
    [{ size: 1, slice: () => undefined, lastModified: Number.NaN }, '"lastModified"'],
  ])('rejects the source %s', (source, message) => {
    const make = () => new FileResponse(source as FileSource);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it.each<[options: FileResponseOptions, message: string]>([
    [{ etag: 'v1' }, '"etag" of a file must be an entity tag in double quotes'],
    [{ etag: '"a", "b"' }, '"etag"'],
    [{ etag: '*' }, '"etag"'],
    [{ etag: '' }, '"etag"'],
    [{ lastModified: new Date('never') }, '"lastModified"'],
    [{ lastModified: Number.POSITIVE_INFINITY }, '"lastModified"'],
    [{ lastModified: '2026-01-01' as unknown as Date }, '"lastModified"'],
    [{ immutable: true }, 'An "immutable" file requires a "maxAge"'],
    [{ dotfiles: 'deny' as 'ignore' }, '"dotfiles" of a file must be "ignore" or "allow"'],
    [{ precompressed: ['deflate' as 'br'] }, '"precompressed" of a file must be an array of'],
    [{ precompressed: true as unknown as [] }, '"precompressed" of a file must be an array of'],
  ])('rejects %j', (options, message) => {
    const make = () => new FileResponse('a.txt', options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it.each<[options: FileResponseOptions]>([[{ root: 'uploads' }], [{ precompressed: ['br'] }]])(
    'rejects %j for bytes',
    (options) => {
      expect(() => new FileResponse(new Uint8Array(1), options)).toThrow('requires a path');
    },
  );
});
