import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, symlink, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileResponse, JSONResponse, type FileResponseOptions } from '../../src/index.js';
import { folder } from '../support/folder.js';
import { platforms, type RunningApplication, type StartOptions } from '../support/platforms.js';
import { request, type Answer } from '../support/request.js';
import { serve } from '../support/serve.js';

/** A folder that is served, `public`, with a file beside it that must not be. */
async function servedFolder(): Promise<string> {
  const top = await folder({
    'secret.txt': 'secret',
    'public/a.txt': 'a',
    'public/sub/b.txt': 'b',
    'public/c..txt': 'c',
    'public-too/d.txt': 'd',
  });
  const root = join(top, 'public');
  await symlink('../secret.txt', join(root, 'link-out.txt'));
  await symlink('..', join(root, 'folder-out'));
  await symlink('sub/b.txt', join(root, 'link-in.txt'));
  await symlink('loop.txt', join(root, 'loop.txt'));
  await symlink('/proc/1/environ', join(root, 'link-forbidden.txt'));
  await mkdir(join(root, 'folder.txt'));
  execFileSync('mkfifo', [join(root, 'fifo.txt')]);
  const server = createServer().listen(join(root, 'socket.txt'));
  onTestFinished(() => void server.close());
  return root;
}

describe.each(platforms)('The root of a FileResponse on $name', (platform) => {
  /** Serves what the `path` of the query names. */
  function serveByQuery(
    options: FileResponseOptions,
    startOptions?: StartOptions,
  ): Promise<RunningApplication> {
    return serve(
      platform,
      ({ url = '' }: IncomingMessage) =>
        new FileResponse(new URL(url, 'http://localhost').searchParams.get('path') ?? '', options),
      startOptions,
    );
  }

  const get = ({ url }: RunningApplication, path: string): Promise<Answer> =>
    request(`${url}/?path=${encodeURIComponent(path)}`);

  it.each([
    ['a.txt', 'a'],
    ['sub/b.txt', 'b'],
    ['./sub/../a.txt', 'a'],
    ['link-in.txt', 'b'],
    ['c..txt', 'c'],
  ])('contains %s', async (path, content) => {
    const app = await serveByQuery({ root: await servedFolder() });
    const { status, body } = await get(app, path);
    expect([status, String(body)]).toEqual([200, content]);
  });

  it.each(['.env', '.git/config', 'sub/.hidden', '.well-known/security.txt', './.env', '..env'])(
    'hides %s unless dot-files are allowed',
    async (path) => {
      const root = await folder({
        '.env': 'secret',
        '.git/config': 'secret',
        'sub/.hidden': 'secret',
        '..env': 'secret',
        '.well-known/security.txt': 'secret',
      });
      const hidden = await serveByQuery({ root });
      expect((await get(hidden, path)).status).toBe(404);
      expect((await get(hidden, join(root, path))).status).toBe(404);
      const allowed = await serveByQuery({ root, dotfiles: 'allow' });
      expect((await get(allowed, path)).status).toBe(200);
    },
  );

  it('can be inside a folder whose name starts with a dot', async () => {
    const root = join(await folder({ '.cache/a.txt': 'a' }), '.cache');
    const app = await serveByQuery({ root });
    expect((await get(app, 'a.txt')).status).toBe(200);
  });

  it('contains a file whose whole name looks like an extension, with an unknown type', async () => {
    const app = await serveByQuery({ root: await folder({ html: 'a' }) });
    expect((await get(app, 'html')).headers['content-type']).toBe('application/octet-stream');
  });

  it('contains an absolute path that leads into it', async () => {
    const root = await servedFolder();
    const app = await serveByQuery({ root });
    expect((await get(app, join(root, 'a.txt'))).status).toBe(200);
  });

  it.each([
    '../secret.txt',
    '../public/a.txt',
    '../public-too/d.txt',
    'sub/../../secret.txt',
    '..',
    '../',
    '.',
    '',
    '/',
    '/etc/passwd',
    '<top>/secret.txt',
    '<top>/public-too/d.txt',
    'a.txt\0',
    'a.txt\0.png',
    '\0',
    'a.txt/',
    'a.txt/b',
    'missing.txt',
    'sub',
    'folder.txt',
    'fifo.txt',
    'socket.txt',
    'link-out.txt',
    'link-forbidden.txt',
    'folder-out/secret.txt',
    'folder-out/public/../secret.txt',
    'loop.txt',
    'x'.repeat(300),
    '/dev/zero',
    '/proc/self/environ',
  ])('answers %j with the same 404 without details', async (template) => {
    const root = await servedFolder();
    const app = await serveByQuery({ root });
    const { status, headers, body } = await get(app, template.replace('<top>', join(root, '..')));
    expect([status, JSON.parse(String(body))]).toEqual([
      404,
      { statusCode: 404, message: 'Not Found' },
    ]);
    expect([headers['accept-ranges'], headers['content-disposition']]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('can be relative to that of the module', async () => {
    const root = await servedFolder();
    const app = await serveByQuery(
      { root: 'public' },
      { responses: { files: { root: join(root, '..') } } },
    );
    expect((await get(app, 'a.txt')).status).toBe(200);
    expect((await get(app, '../secret.txt')).status).toBe(404);
  });

  it('can be a symbolic link', async () => {
    const root = await servedFolder();
    await symlink(root, join(root, '../current'));
    const app = await serveByQuery({ root: join(root, '../current') });
    expect((await get(app, 'a.txt')).status).toBe(200);
    expect((await get(app, 'link-out.txt')).status).toBe(404);
  });

  it('is that of the module for a relative path, and none for an absolute one', async () => {
    const root = await servedFolder();
    const app = await serveByQuery({}, { responses: { files: { root } } });
    expect((await get(app, 'a.txt')).status).toBe(200);
    expect((await get(app, '../secret.txt')).status).toBe(404);
    expect((await get(app, 'link-out.txt')).status).toBe(404);
    expect(String((await get(app, join(root, 'link-out.txt'))).body)).toBe('secret');
    expect((await get(app, join(root, 'fifo.txt'))).status).toBe(404);
  });

  it('is the working directory by default', async () => {
    const app = await serveByQuery({});
    expect(String((await get(app, 'package.json')).body)).toContain('"nestjs-responses"');
  });

  it('contains a file that is replaced repeatedly', async () => {
    const root = await servedFolder();
    const app = await serveByQuery({ root });
    let isDone = false;
    const replacing = (async () => {
      while (!isDone) {
        await symlink('sub/b.txt', join(root, 'new'));
        await rename(join(root, 'new'), join(root, 'link-in.txt'));
      }
    })();
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(app, 'link-in.txt')));
    isDone = true;
    await replacing;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('reveals nothing while a folder becomes a link out of it and back', async () => {
    const root = await servedFolder();
    const app = await serveByQuery({ root });
    await mkdir(join(root, 'inner'));
    let isDone = false;
    const swapping = (async () => {
      while (!isDone) {
        await rename(join(root, 'inner'), join(root, 'aside'));
        await symlink('..', join(root, 'inner'));
        await unlink(join(root, 'inner'));
        await rename(join(root, 'aside'), join(root, 'inner'));
      }
    })();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => get(app, 'inner/secret.txt')),
    );
    isDone = true;
    await swapping;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
  });

  it('leaves the 404 to the exception filters', async () => {
    @Catch()
    class Filter implements ExceptionFilter {
      constructor(private readonly host: HttpAdapterHost) {}

      catch(exception: Error, host: ArgumentsHost): void {
        const answer = new JSONResponse({ name: exception.name }, { statusCode: 410 });
        this.host.httpAdapter.reply(host.switchToHttp().getResponse(), answer);
      }
    }
    const app = await serveByQuery(
      { root: await servedFolder() },
      { configure: (nest) => nest.useGlobalFilters(new Filter(nest.get(HttpAdapterHost))) },
    );
    const { status, body } = await get(app, '../secret.txt');
    expect([status, JSON.parse(String(body))]).toEqual([410, { name: 'NotFoundException' }]);
  });
});
