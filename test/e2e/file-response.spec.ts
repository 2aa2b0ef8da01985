import { FastifyAdapter } from '@nestjs/platform-fastify';
import { parseMultipart } from '@remix-run/multipart-parser';
import { rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileResponse, type FileResponseOptions } from '../../src/index.js';
import { fileSources } from '../support/file-sources.js';
import { folder, MODIFIED } from '../support/folder.js';
import { platforms, type StartOptions } from '../support/platforms.js';
import { request, type Answer } from '../support/request.js';
import { serve } from '../support/serve.js';

const FILE = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
const EARLIER = 'Wed, 31 Dec 2025 23:59:59 GMT';
const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const LATER = 'Thu, 01 Jan 2026 00:00:01 GMT';
/** The three formats of RFC 9110, section 5.6.7. */
const DATES = [DATE, 'Thursday, 01-Jan-26 00:00:00 GMT', 'Thu Jan  1 00:00:00 2026'];

/** The parts of a multipart body, as a MIME parser reads them. */
function partsOf({ headers, body }: Answer): { type: unknown; range: unknown; bytes: Buffer }[] {
  const [, boundary = ''] = headers['content-type']?.split('boundary=') ?? [];
  return [...parseMultipart(body, { boundary })].map((part) => ({
    type: part.headers['content-type'],
    range: part.headers['content-range'],
    bytes: Buffer.from(part.bytes),
  }));
}

const cases = platforms.flatMap((platform) =>
  fileSources.map((kind) => ({ platform, kind, of: kind.name, on: platform.name })),
);

describe.each(cases)('FileResponse of $of on $on', ({ platform, kind }) => {
  async function serveFile(
    options: FileResponseOptions = {},
    {
      name = 'film.mp4',
      content = FILE,
      ...startOptions
    }: StartOptions & { name?: string; content?: Buffer | string } = {},
  ): Promise<(headers?: Record<string, string>, method?: string) => Promise<Answer>> {
    const file = await kind.make(Buffer.from(content), name);
    const { url } = await serve(
      platform,
      () => new FileResponse(file.source, { ...file.options, ...options }),
      startOptions,
    );
    return (headers, method) => request(url, { headers, method });
  }

  describe('a whole file', () => {
    it('is sent with all of its headers', async () => {
      const get = await serveFile();
      const { status, headers, body } = await get();
      expect(status).toBe(200);
      expect(body).toEqual(FILE);
      expect(headers).toMatchObject({
        'accept-ranges': 'bytes',
        'content-disposition': 'attachment',
        'content-length': '1000',
        'content-type': 'video/mp4',
        'last-modified': DATE,
      });
      expect(headers.etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
      expect(headers['transfer-encoding']).toBeUndefined();
    });

    it('can be empty', async () => {
      const get = await serveFile({}, { content: '' });
      const { status, headers, body } = await get({ range: 'bytes=0-9' });
      expect([status, headers['content-length'], body.length]).toEqual([416, '0', 0]);
      const whole = await get();
      expect([whole.status, whole.headers['content-length'], whole.body.length]).toEqual([
        200,
        '0',
        0,
      ]);
    });

    it('is described by HEAD, regardless of the range', async () => {
      const get = await serveFile();
      const { status, headers, body } = await get({ range: 'bytes=0-9' }, 'HEAD');
      expect(status).toBe(200);
      expect(headers['content-length']).toBe('1000');
      expect(headers['content-range']).toBeUndefined();
      expect(body).toHaveLength(0);
    });

    it('answers another method with the whole file, because its handler has acted', async () => {
      const get = await serveFile();
      const { status, headers, body } = await get(
        { 'if-none-match': '*', range: 'bytes=0-9' },
        'POST',
      );
      expect([status, headers['content-length'], body]).toEqual([200, '1000', FILE]);
    });

    it('has the given type', async () => {
      const get = await serveFile({ mediaType: 'text/csv' }, { name: 'a.bin' });
      expect((await get()).headers['content-type']).toBe('text/csv; charset=utf-8');
    });

    it('has the given status, and then no ranges', async () => {
      const get = await serveFile({ statusCode: 203 });
      const { status, headers, body } = await get({ range: 'bytes=0-9' });
      expect([status, headers['accept-ranges'], body.length]).toEqual([203, undefined, 1000]);
    });

    it.each([204, 304])('of the status %i has no body', async (statusCode) => {
      const get = await serveFile({ statusCode });
      const { status, headers, body } = await get();
      expect([status, headers['content-length'], body.length]).toEqual([statusCode, undefined, 0]);
    });

    it('can be cached for as long as it says', async () => {
      const get = await serveFile({ maxAge: 3600 });
      const { headers } = await get();
      expect(headers['cache-control']).toBe('public, max-age=3600');
      const fresh = await get({ 'if-none-match': headers.etag ?? '' });
      expect([fresh.status, fresh.headers['cache-control']]).toEqual([304, 'public, max-age=3600']);
    });

    it('can be the same response for every request', async () => {
      const { source, options } = await kind.make(Buffer.from('hello'), 'a.txt');
      const constant = new FileResponse(source, options);
      const { url } = await serve(platform, () => constant);
      expect((await request(url, { headers: { range: 'bytes=1-2' } })).status).toBe(206);
      expect((await request(url, { headers: { 'if-none-match': '*' } })).status).toBe(304);
      const { status, headers, body } = await request(url);
      expect([status, String(body), headers['content-range']]).toEqual([200, 'hello', undefined]);
    });
  });

  describe('a header set by the caller', () => {
    it('wins over the header of the class', async () => {
      const get = await serveFile({
        maxAge: 60,
        filename: 'ignored.mp4',
        headers: {
          'Cache-Control': 'private',
          'Content-Disposition': 'inline',
          'Content-Type': 'video/x-own',
          'Content-Length': '5',
          ETag: '"own"',
          'Last-Modified': EARLIER,
        },
      });
      const { headers, body } = await get();
      expect(headers).toMatchObject({
        'cache-control': 'private',
        'content-disposition': 'inline',
        'content-type': 'video/x-own',
        'content-length': '1000',
        etag: '"own"',
        'last-modified': EARLIER,
      });
      expect(body).toEqual(FILE);
    });

    it.each([
      [{ 'if-none-match': '"own"' }, 304],
      [{ 'if-none-match': '"other"', range: 'bytes=0-1' }, 206],
      [{ 'if-match': '"own"' }, 200],
      [{ 'if-match': '"other"' }, 412],
      [{ 'if-range': '"own"', range: 'bytes=0-1' }, 206],
      [{ 'if-range': '"other"', range: 'bytes=0-1' }, 200],
    ])('is what %j is compared to: %i', async (headers, status) => {
      const get = await serveFile({ headers: { etag: '"own"' } });
      expect((await get(headers)).status).toBe(status);
    });

    it('also applies if middleware has set it', async () => {
      const get = await serveFile(
        {},
        {
          configure: (app) =>
            app.use(
              (
                _: unknown,
                response: { setHeader(name: string, value: string): void },
                next: () => void,
              ) => {
                response.setHeader('ETag', '"earlier"');
                response.setHeader('Content-Disposition', 'inline');
                response.setHeader('Content-Type', 'video/x-earlier');
                next();
              },
            ),
        },
      );
      const { headers } = await get();
      expect(headers).toMatchObject({
        etag: '"earlier"',
        'content-disposition': 'inline',
        // A type that is known otherwise than by the name is no guess.
        'content-type': kind.isPath ? 'video/x-earlier' : 'video/mp4',
      });
      const fresh = await get({ 'if-none-match': 'W/"earlier"' });
      expect(fresh.status).toBe(304);
      expect(fresh.headers['content-disposition']).toBeUndefined();
      expect(fresh.headers['content-type']).toBeUndefined();
      const gone = await get({ 'if-match': '"x"' });
      expect([gone.status, gone.headers.etag, gone.headers['content-type']]).toEqual([
        412,
        undefined,
        undefined,
      ]);
    });
  });

  describe('a precondition', () => {
    const TAG = '<etag>';

    it.each<[headers: Record<string, string>, status: number]>([
      [{ 'if-match': TAG }, 200],
      [{ 'if-match': '*' }, 200],
      [{ 'if-match': `"a", ${TAG}, "b"` }, 200],
      [{ 'if-match': '"a"' }, 412],
      [{ 'if-match': '"a", "b"' }, 412],
      [{ 'if-match': `W/${TAG}` }, 412],
      [{ 'if-none-match': TAG }, 304],
      [{ 'if-none-match': `W/${TAG}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': `"a",${TAG}` }, 304],
      [{ 'if-none-match': '"a", "b,c"' }, 200],
      ...DATES.map((date): [Record<string, string>, number] => [
        { 'if-modified-since': date },
        304,
      ]),
      ...DATES.map((date): [Record<string, string>, number] => [
        { 'if-unmodified-since': date },
        200,
      ]),
      [{ 'if-modified-since': LATER }, 304],
      [{ 'if-modified-since': EARLIER }, 200],
      [{ 'if-modified-since': 'yesterday' }, 200],
      [{ 'if-unmodified-since': LATER }, 200],
      [{ 'if-unmodified-since': EARLIER }, 412],
      [{ 'if-unmodified-since': 'yesterday' }, 200],
      // The first two steps win over the others, and a tag over a date.
      [{ 'if-match': TAG, 'if-unmodified-since': EARLIER }, 200],
      [{ 'if-match': '"a"', 'if-unmodified-since': LATER }, 412],
      [{ 'if-match': '"a"', 'if-none-match': TAG }, 412],
      [{ 'if-match': TAG, 'if-none-match': TAG }, 304],
      [{ 'if-unmodified-since': EARLIER, 'if-none-match': TAG }, 412],
      [{ 'if-unmodified-since': LATER, 'if-modified-since': LATER }, 304],
      [{ 'if-none-match': '"a"', 'if-modified-since': LATER }, 200],
      [{ 'if-none-match': TAG, 'if-modified-since': EARLIER }, 304],
      // A range is looked at last.
      [{ 'if-none-match': TAG, range: 'bytes=0-9' }, 304],
      [{ 'if-match': '"a"', range: 'bytes=0-9' }, 412],
      [{ 'if-match': TAG, range: 'bytes=0-9' }, 206],
      [{ 'if-match': TAG, range: 'bytes=1000-' }, 416],
      [{ 'if-range': TAG, range: 'bytes=0-9' }, 206],
      [{ 'if-range': '"a"', range: 'bytes=0-9' }, 200],
      [{ 'if-range': `W/${TAG}`, range: 'bytes=0-9' }, 200],
      [{ 'if-range': '"a"', range: 'bytes=1000-' }, 200],
      ...DATES.map((date): [Record<string, string>, number] => [
        { 'if-range': date, range: 'bytes=0-9' },
        206,
      ]),
      [{ 'if-range': EARLIER, range: 'bytes=0-9' }, 200],
      [{ 'if-range': LATER, range: 'bytes=0-9' }, 200],
      [{ 'if-range': 'garbage', range: 'bytes=0-9' }, 200],
      [{ 'if-range': TAG }, 200],
    ])('%j is answered by %i', async (template, status) => {
      const get = await serveFile();
      const { etag = '' } = (await get()).headers;
      const headers = Object.fromEntries(
        Object.entries(template).map(([name, value]) => [name, value.replace(TAG, etag)]),
      );
      for (const method of ['GET', 'HEAD']) {
        const answer = await get(headers, method);
        const isRange = status === 206 || status === 416;
        expect(answer.status).toBe(method === 'HEAD' && isRange ? 200 : status);
        expect(fieldsOf(answer)).toEqual(FIELDS[answer.status]);
        expect(answer.body).toHaveLength(method === 'HEAD' ? 0 : (LENGTHS[status] ?? 0));
      }
    });

    /** Which fields are there, of those that not every answer has. */
    function fieldsOf({ headers }: Answer): string[] {
      const fields = [
        'content-disposition',
        'content-length',
        'content-range',
        'content-type',
        'etag',
        'last-modified',
      ];
      return fields.filter((name) => headers[name] !== undefined);
    }

    const WHOLE = [
      'content-disposition',
      'content-length',
      'content-type',
      'etag',
      'last-modified',
    ];
    const FIELDS: Record<number, string[]> = {
      200: WHOLE,
      206: [...WHOLE.slice(0, 2), 'content-range', ...WHOLE.slice(2)],
      304: ['etag'],
      412: ['content-length'],
      416: ['content-length', 'content-range'],
    };
    const LENGTHS: Record<number, number> = { 200: 1000, 206: 10 };
  });

  describe('a range', () => {
    it.each<[range: string, first: number, last: number]>([
      ['bytes=0-0', 0, 0],
      ['bytes=0-9', 0, 9],
      ['bytes=990-', 990, 999],
      ['bytes=0-', 0, 999],
      ['bytes=-1', 999, 999],
      ['bytes=-5000', 0, 999],
      ['bytes=995-5000', 995, 999],
      ['bytes=5-9007199254740993', 5, 999],
      ['bytes=-99999999999999999999999999', 0, 999],
      ['BYTES=10-19', 10, 19],
      ['bytes= 10-19 ', 10, 19],
      ['bytes=0010-0019', 10, 19],
      ['bytes=,10-19,', 10, 19],
      ['bytes=0-9,5-19', 0, 19],
      ['bytes=0-9,10-19', 0, 19],
      ['bytes=10-19,0-9', 0, 19],
      ['bytes=0-9,2000-', 0, 9],
    ])('%s is a part', async (range, first, last) => {
      const get = await serveFile();
      const { status, headers, body } = await get({ range });
      expect(status).toBe(206);
      expect(headers).toMatchObject({
        'accept-ranges': 'bytes',
        'content-length': String(last - first + 1),
        'content-range': `bytes ${first}-${last}/1000`,
        'content-type': 'video/mp4',
        'last-modified': DATE,
        etag: expect.stringMatching(/^"/),
      });
      expect(body).toEqual(FILE.subarray(first, last + 1));
    });

    it.each([
      'bytes=1000-',
      'bytes=1000-2000',
      'bytes=-0',
      'bytes=9007199254740993-',
      'bytes=2000-,-0',
    ])('%s is not satisfiable', async (range) => {
      const get = await serveFile({ maxAge: 60 });
      const { status, headers, body } = await get({ range });
      expect(status).toBe(416);
      expect(headers).toMatchObject({ 'content-range': 'bytes */1000', 'content-length': '0' });
      for (const name of ['etag', 'content-type', 'content-disposition', 'cache-control']) {
        expect(headers[name]).toBeUndefined();
      }
      expect(body).toHaveLength(0);
    });

    it.each([
      'bytes=9-0',
      'bytes=9007199254740993-9007199254740992',
      'bytes=',
      'bytes=,',
      'bytes=-',
      'bytes=a-b',
      'bytes=0x1-2',
      'bytes=1-2-3',
      'bytes=0-9;10-19',
      'bytes=0 - 9',
      'bytes = 0-9',
      'bytes',
      'lines=0-9',
      'items=0-9, bytes=0-9',
      '0-9',
      'garbage',
    ])('%s is ignored', async (range) => {
      const get = await serveFile();
      const { status, headers, body } = await get({ range });
      expect([status, headers['content-length'], headers['content-range']]).toEqual([
        200,
        '1000',
        undefined,
      ]);
      expect(body).toEqual(FILE);
    });

    it.each<[range: string, ranges: [first: number, last: number][]]>([
      [
        'bytes=0-9,20-29',
        [
          [0, 9],
          [20, 29],
        ],
      ],
      [
        'bytes=20-29,0-9',
        [
          [20, 29],
          [0, 9],
        ],
      ],
      [
        'bytes=-10, 0-0 ,500-509',
        [
          [990, 999],
          [0, 0],
          [500, 509],
        ],
      ],
      [
        'bytes=0-9,5000-,20-29',
        [
          [0, 9],
          [20, 29],
        ],
      ],
      [
        'bytes=50-59,0-9,5-19,55-64',
        [
          [50, 64],
          [0, 19],
        ],
      ],
    ])('list %s is a multipart body', async (range, ranges) => {
      const get = await serveFile();
      const answer = await get({ range });
      expect(answer.status).toBe(206);
      expect(answer.headers['content-type']).toMatch(/^multipart\/byteranges; boundary=\S+$/);
      expect(answer.headers['content-range']).toBeUndefined();
      expect(answer.headers['content-length']).toBe(String(answer.body.length));
      expect(partsOf(answer)).toEqual(
        ranges.map(([first, last]) => ({
          type: 'video/mp4',
          range: `bytes ${first}-${last}/1000`,
          bytes: FILE.subarray(first, last + 1),
        })),
      );
    });

    it('list of 1,000 that merge into one is one part', async () => {
      const get = await serveFile();
      const range = `bytes=${Array.from({ length: 1000 }, (_, index) => `${index}-${index}`).join()}`;
      const { status, headers, body } = await get({ range });
      expect([status, headers['content-range']]).toEqual([206, 'bytes 0-999/1000']);
      expect(body).toEqual(FILE);
    });

    it('list of 500 separate ranges is the whole file', async () => {
      const get = await serveFile();
      const range = `bytes=${Array.from({ length: 500 }, (_, index) => `${index * 2}-${index * 2}`).join()}`;
      const { status, body } = await get({ range });
      expect([status, body]).toEqual([200, FILE]);
    });

    it('list of 100 separate ranges is 100 parts', async () => {
      const get = await serveFile();
      const range = `bytes=${Array.from({ length: 100 }, (_, index) => `${index * 10}-${index * 10 + 4}`).join()}`;
      const answer = await get({ range });
      expect(answer.headers['content-length']).toBe(String(answer.body.length));
      expect(Buffer.concat(partsOf(answer).map(({ bytes }) => bytes))).toEqual(
        FILE.filter((_, index) => index % 10 < 5),
      );
    });

    it('has the type of the file in each part, charset and all', async () => {
      const get = await serveFile({}, { name: 'a.txt' });
      const parts = partsOf(await get({ range: 'bytes=0-1,9-10' }));
      expect(parts.map(({ type }) => type)).toEqual([
        'text/plain; charset=utf-8',
        'text/plain; charset=utf-8',
      ]);
    });
  });

  describe('Content-Disposition', () => {
    it.each<[options: FileResponseOptions, field: string]>([
      [{ filename: 'a.mp4' }, 'attachment; filename=a.mp4'],
      [{ filename: 'a.mp4', contentDispositionType: 'inline' }, 'inline; filename=a.mp4'],
      [{ contentDispositionType: 'inline' }, 'inline'],
      [
        { filename: 'naïve file "x".pdf' },
        `attachment; filename="na?ve file 'x'.pdf"; filename*=UTF-8''na%C3%AFve%20file%20%22x%22.pdf`,
      ],
      [
        { filename: '履歴書.pdf' },
        `attachment; filename="???.pdf"; filename*=UTF-8''%E5%B1%A5%E6%AD%B4%E6%9B%B8.pdf`,
      ],
      [{ filename: '🎬.mp4' }, `attachment; filename="?.mp4"; filename*=UTF-8''%F0%9F%8E%AC.mp4`],
    ])('of %j is %s', async (options, field) => {
      const get = await serveFile(options);
      expect((await get()).headers['content-disposition']).toBe(field);
    });
  });
});

describe.each(platforms)('A FileResponse of a path on $name', (platform) => {
  async function serveNamed(name: string, options: FileResponseOptions = {}): Promise<Answer> {
    const root = await folder({ [name]: FILE });
    const { url } = await serve(platform, () => new FileResponse(join(root, name), options));
    return request(url);
  }

  it('has a tag that changes with its time, its size and its inode', async () => {
    const root = await folder({ 'a.txt': 'one' });
    const path = join(root, 'a.txt');
    const { url } = await serve(platform, () => new FileResponse(path));
    const etag = async () => (await request(url)).headers.etag;
    const first = await etag();
    expect(await etag()).toBe(first);
    await utimes(path, MODIFIED, MODIFIED.getTime() / 1000 + 0.001);
    const touched = await etag();
    await writeFile(path, 'longer');
    await utimes(path, MODIFIED, MODIFIED);
    expect(new Set([first, touched, await etag()]).size).toBe(3);
    // Another file of the same size and time.
    await writeFile(`${path}.new`, 'longer');
    await utimes(`${path}.new`, MODIFIED, MODIFIED);
    const before = await etag();
    await rename(`${path}.new`, path);
    expect(await etag()).not.toBe(before);
  });

  it.each([
    ['page.html', 'text/html; charset=utf-8'],
    ['data.json', 'application/json'],
    ['sound.wav', 'audio/wav'],
    ['SOUND.WAV', 'audio/wav'],
    ['noext', 'application/octet-stream'],
    ['html.', 'application/octet-stream'],
    ['.hidden', 'application/octet-stream'],
  ])('named %s is of the type %s', async (name, type) => {
    expect((await serveNamed(name)).headers['content-type']).toBe(type);
  });

  it('uses the type of its filename option if its own name has none', async () => {
    const { headers } = await serveNamed('3f2a', { filename: 'report.pdf' });
    expect(headers['content-type']).toBe('application/pdf');
  });
});

describe('new FileResponse()', () => {
  it.each(['a\r\nb', 'a\nb', 'a\rb', 'a\0b'])('rejects the filename %j', (filename) => {
    expect(() => new FileResponse('a', { filename })).toThrow(TypeError);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects the maxAge %d', (maxAge) => {
    expect(() => new FileResponse('a', { maxAge })).toThrow(RangeError);
  });
});

describe('A header of 100,000 ranges, where Node lets it through,', () => {
  const indices = Array.from({ length: 100_000 }, (_, index) => index);

  it.each<[what: string, ranges: string[], status: number, length: number]>([
    ['that all overlap is one part', indices.map((index) => `0-${index}`), 206, 100_000],
    [
      'that touch, last first, is one part',
      indices.map((index) => `${index}-${index}`).reverse(),
      206,
      100_000,
    ],
    [
      'that stay apart is the whole file',
      indices.map((index) => `${index * 2}-${index * 2}`),
      200,
      200_000,
    ],
  ])('%s', async (_, ranges, status, length) => {
    const root = await folder({ 'a.bin': Buffer.alloc(200_000, 'a') });
    const adapter = new FastifyAdapter({ http: { maxHeaderSize: 4 * 1024 * 1024 } });
    const { url } = await serve(
      { name: 'Fastify', adapter: () => adapter },
      () => new FileResponse('a.bin', { root }),
    );
    const answer = await request(url, { headers: { range: `bytes=${ranges.join()}` } });
    expect([answer.status, answer.body.length]).toEqual([status, length]);
  });
});
