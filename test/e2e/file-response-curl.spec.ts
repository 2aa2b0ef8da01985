import { parseMultipart } from '@remix-run/multipart-parser';
import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FileResponse } from '../../src/index.js';
import { fileSources } from '../support/file-sources.js';
import { folder } from '../support/folder.js';
import { platforms } from '../support/platforms.js';
import { findProgram } from '../support/programs.js';
import { serve } from '../support/serve.js';

const execute = promisify(execFile);

const curl = findProgram('curl');

const cases = platforms.flatMap((platform) =>
  fileSources.map((kind) => ({ platform, kind, of: kind.name, on: platform.name })),
);

describe.runIf(curl)('A file for curl', () => {
  describe.each(cases)('of $of from $on', ({ platform, kind }) => {
    const FILE = randomBytes(5_000_000);

    /** Runs curl with these arguments on the file, in a folder of its own. */
    async function download(
      ...args: string[]
    ): Promise<{ root: string; run: () => Promise<void> }> {
      const root = await folder();
      const { source, options } = await kind.make(FILE, 'film.mp4');
      const { url } = await serve(platform, () => new FileResponse(source, options));
      return {
        root,
        run: async () =>
          void (await execute(curl ?? '', ['-sS', '--fail', ...args, url], { cwd: root })),
      };
    }

    it.each([
      ['at its first byte', 1],
      ['at a random byte', randomInt(1, FILE.length)],
      ['at its last byte', FILE.length - 1],
    ])('is resumed after it was cut %s', async (_, cut) => {
      const { root, run } = await download('-C', '-', '-o', 'copy.mp4', '-D', 'head');
      await writeFile(join(root, 'copy.mp4'), FILE.subarray(0, cut));
      await run();
      expect((await readFile(join(root, 'copy.mp4'))).equals(FILE)).toBe(true);
      expect(await readFile(join(root, 'head'), 'latin1')).toContain(' 206 ');
    });

    it('is unchanged if it is complete', async () => {
      const { root, run } = await download('-C', '-', '-o', 'copy.mp4', '-D', 'head');
      await writeFile(join(root, 'copy.mp4'), FILE);
      // Some versions of curl know that there is nothing left to get, others call it a failure.
      await Promise.allSettled([run()]);
      expect((await readFile(join(root, 'copy.mp4'))).equals(FILE)).toBe(true);
      expect(await readFile(join(root, 'head'), 'latin1')).toContain(' 416 ');
    });

    it('arrives in several parts', async () => {
      const { root, run } = await download('-r', '0-9,20-29', '-o', 'parts', '-D', 'head');
      await run();
      const head = await readFile(join(root, 'head'), 'latin1');
      const [, boundary = ''] = /boundary=(\S+)/.exec(head) ?? [];
      const parts = [...parseMultipart(await readFile(join(root, 'parts')), { boundary })];
      expect(
        parts.map(({ headers, bytes }) => [headers['content-range'], Buffer.from(bytes)]),
      ).toEqual([
        ['bytes 0-9/5000000', FILE.subarray(0, 10)],
        ['bytes 20-29/5000000', FILE.subarray(20, 30)],
      ]);
    });

    it('is fetched only if it is newer', async () => {
      const { root, run } = await download(
        '--etag-save',
        'tag',
        '--etag-compare',
        'tag',
        '-o',
        'copy.mp4',
        '-D',
        'head',
      );
      await run();
      await run();
      expect(await readFile(join(root, 'head'), 'latin1')).toContain(' 304 ');
      expect((await readFile(join(root, 'copy.mp4'))).equals(FILE)).toBe(true);
    });
  });
});
