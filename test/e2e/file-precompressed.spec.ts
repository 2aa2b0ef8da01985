import compression from 'compression';
import { rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FileResponse, type FileResponseOptions } from '../../src/index.js';
import { folder, MODIFIED } from '../support/folder.js';
import { platforms, type StartOptions } from '../support/platforms.js';
import { request, type Answer } from '../support/request.js';
import { serve } from '../support/serve.js';

const TEXT = Buffer.from('const answer = 42;\n'.repeat(1000));
const FILES = {
  'app.js': TEXT,
  'app.js.br': brotliCompressSync(TEXT),
  // Node 20 has no zstd: these bytes stand for it.
  'app.js.zst': Buffer.from('zstd'),
  'app.js.gz': gzipSync(TEXT),
};

describe.each(platforms)('A precompressed file on $name', (platform) => {
  async function serveFile(
    options: FileResponseOptions = {},
    { change, ...start }: StartOptions & { change?: (root: string) => Promise<unknown> } = {},
  ): Promise<(headers?: Record<string, string>, method?: string) => Promise<Answer>> {
    const root = await folder(FILES);
    await change?.(root);
    const { url } = await serve(
      platform,
      () => new FileResponse('app.js', { root, precompressed: ['br', 'zstd', 'gzip'], ...options }),
      start,
    );
    return (headers, method) => request(url, { headers, method });
  }

  it.each<[acceptEncoding: string | undefined, coding: string | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['br', 'br'],
    ['zstd', 'zstd'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate, zstd', 'zstd'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['gzip;q=0.5, br;q=0.5', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0', undefined],
    ['deflate', undefined],
    ['identity', undefined],
    ['identity, br', 'br'],
    ['identity;q=1, br;q=0.5', undefined],
    ['identity;q=0.5, br;q=0.6', 'br'],
    ['identity;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['*;q=0.5, gzip', 'gzip'],
    ['br;q=0, *', 'zstd'],
    ['*;q=0, zstd', 'zstd'],
    ['garbage;;q=x, , gzip', 'gzip'],
  ])('for Accept-Encoding %j is sent as %s', async (acceptEncoding, coding) => {
    const get = await serveFile();
    const { status, headers, body } = await get(
      acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding },
    );
    expect([status, headers['content-encoding'], headers['vary']]).toEqual([
      200,
      coding,
      'Accept-Encoding',
    ]);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    const decode: Record<string, (bytes: Buffer) => Buffer> = {
      br: brotliDecompressSync,
      gzip: gunzipSync,
      zstd: (bytes) => (String(bytes) === 'zstd' ? TEXT : bytes),
    };
    expect((decode[coding ?? ''] ?? ((bytes) => bytes))(body).equals(TEXT)).toBe(true);
  });

  it.each(['identity;q=0', '*;q=0', 'deflate, identity;q=0'])(
    'responds with 406 to Accept-Encoding %j, which matches no form of it',
    async (acceptEncoding) => {
      const get = await serveFile();
      expect((await get({ 'accept-encoding': acceptEncoding })).status).toBe(406);
    },
  );

  it('has a different strong tag in each coding', async () => {
    const get = await serveFile();
    const tags = await Promise.all(
      ['identity', 'br', 'zstd', 'gzip'].map(
        async (coding) => (await get({ 'accept-encoding': coding })).headers.etag ?? '',
      ),
    );
    expect(new Set(tags).size).toBe(4);
    expect(tags.every((tag) => tag.startsWith('"'))).toBe(true);
  });

  it('has ranges of the encoded bytes', async () => {
    const get = await serveFile();
    const { status, headers, body } = await get({ 'accept-encoding': 'br', range: 'bytes=2-5' });
    const bytes = FILES['app.js.br'];
    expect([status, headers['content-encoding'], headers['content-range']]).toEqual([
      206,
      'br',
      `bytes 2-5/${bytes.length}`,
    ]);
    expect(body).toEqual(bytes.subarray(2, 6));
  });

  it('is resumed only in the coding that the client has', async () => {
    const get = await serveFile();
    const { etag = '' } = (await get({ 'accept-encoding': 'br' })).headers;
    const range = { range: 'bytes=2-5', 'if-range': etag };
    const same = await get({ ...range, 'accept-encoding': 'br' });
    expect(same.status).toBe(206);
    const other = await get({ ...range, 'accept-encoding': 'gzip' });
    expect([other.status, other.headers['content-encoding']]).toEqual([200, 'gzip']);
  });

  it('is revalidated with its own tag', async () => {
    const get = await serveFile();
    const { etag = '' } = (await get({ 'accept-encoding': 'gzip' })).headers;
    const fresh = await get({ 'accept-encoding': 'gzip', 'if-none-match': etag });
    expect([fresh.status, fresh.headers.etag, fresh.headers['vary']]).toEqual([
      304,
      etag,
      'Accept-Encoding',
    ]);
    expect(fresh.headers['content-encoding']).toBeUndefined();
    expect((await get({ 'accept-encoding': 'br', 'if-none-match': etag })).status).toBe(200);
  });

  it('answers HEAD with the same head', async () => {
    const get = await serveFile();
    const { headers, body } = await get({ 'accept-encoding': 'gzip' }, 'HEAD');
    expect([headers['content-encoding'], headers['content-length'], body.length]).toEqual([
      'gzip',
      String(FILES['app.js.gz'].length),
      0,
    ]);
  });

  it.each<[what: string, change: (root: string) => Promise<unknown>]>([
    ['is missing', (root) => rm(join(root, 'app.js.br'))],
    [
      'is older than the file',
      (root) => utimes(join(root, 'app.js.br'), MODIFIED, new Date(MODIFIED.getTime() - 1)),
    ],
    [
      'leads out of the root',
      async (root) => {
        const other = await folder({ 'secret.br': 'secret' });
        await rm(join(root, 'app.js.br'));
        await symlink(join(other, 'secret.br'), join(root, 'app.js.br'));
      },
    ],
  ])('is sent in the next coding if a sibling %s', async (_, change) => {
    const get = await serveFile({}, { change });
    const { headers, body } = await get({ 'accept-encoding': 'br, gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).equals(TEXT)).toBe(true);
  });

  it('is sent unencoded if there is no sibling', async () => {
    const get = await serveFile(
      {},
      {
        change: (root) =>
          Promise.all(['br', 'zst', 'gz'].map((end) => rm(join(root, `app.js.${end}`)))),
      },
    );
    const { headers, body } = await get({ 'accept-encoding': 'br, gzip' });
    expect([headers['content-encoding'], headers['vary']]).toEqual([undefined, 'Accept-Encoding']);
    expect(body.equals(TEXT)).toBe(true);
  });

  it('is a 404 if only its siblings exist', async () => {
    const get = await serveFile({}, { change: (root) => rm(join(root, 'app.js')) });
    expect((await get({ 'accept-encoding': 'br' })).status).toBe(404);
  });

  it('is sent only in the codings that are listed', async () => {
    const get = await serveFile({ precompressed: ['gzip'] });
    expect((await get({ 'accept-encoding': 'br, gzip' })).headers['content-encoding']).toBe('gzip');
  });

  it('is not negotiated if the route has set a Content-Encoding', async () => {
    const get = await serveFile({ headers: { 'Content-Encoding': 'x-own' } });
    const { headers, body } = await get({ 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBe('x-own');
    expect(body.equals(TEXT)).toBe(true);
  });

  it('is not compressed again by middleware', async () => {
    const get = await serveFile(
      {},
      { configure: (app) => app.use(compression({ threshold: 0, filter: () => true })) },
    );
    const { headers, body } = await get({ 'accept-encoding': 'br, gzip' });
    expect(headers['content-encoding']).toBe('br');
    expect(headers.etag).toMatch(/^"/);
    expect(brotliDecompressSync(body).equals(TEXT)).toBe(true);
  });

  it('adds to an existing Vary header', async () => {
    const get = await serveFile({ headers: { Vary: 'Origin' } });
    expect((await get()).headers['vary']).toBe('Origin, Accept-Encoding');
  });
});
