import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, packPackage } from '../package/fresh-application.js';

const PROJECT = fileURLToPath(new URL('.', import.meta.url));

/** Milliseconds that npm may take on a busy machine. */
const PATIENCE = 240_000;

const ORIGIN = 'https://client.example';
const PUPPIES = 'api/v1/kennel/puppies';

const isInstalled = process.env['COMPANIONS'] === 'installed';

/** A span, a log line or a report to Sentry, as the application prints it. */
interface Line {
  readonly url?: string;
  readonly kind?: number;
  readonly attributes?: Record<string, unknown>;
  readonly req?: { readonly url: string };
  readonly res?: { readonly statusCode: number };
  readonly msg?: string;
  readonly reported?: string;
}

interface Item {
  readonly i: number;
  readonly id: string;
  readonly trace: string;
  readonly language: string;
}

/** The part of `socket.io-client` that is used. The package is installed beside the application only. */
interface SocketClient {
  emit(event: string, data: string): void;
  once(event: string, listener: (data: unknown) => void): void;
  disconnect(): void;
}

let folder: string;

async function install(): Promise<void> {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'companions-')));
  const tarball = await packPackage(folder);
  for (const name of [
    'package.json',
    'package-lock.json',
    'application/hooks.mjs',
    'i18n',
    'static',
  ]) {
    await cp(join(PROJECT, name), join(folder, name), { recursive: true });
  }
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--legacy-peer-deps'];
  await execute('npm', ['ci', ...options], folder);
  await execute('npm', ['install', '--no-save', ...options, tarball], folder);
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist/package.json'), '{ "type": "commonjs" }');
  const sources = join(PROJECT, 'application');
  for (const name of (await readdir(sources)).filter((file) => file.endsWith('.ts'))) {
    const compilerOptions = {
      module: ModuleKind.CommonJS,
      target: ScriptTarget.ES2022,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
    };
    const source = await readFile(join(sources, name), 'utf8');
    const { outputText } = transpileModule(source, { compilerOptions });
    await writeFile(join(folder, 'dist', name.replace(/ts$/, 'js')), outputText);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the application in a process of its own. */
async function startApplication(platform: string) {
  const hooks = ['--import', './application/hooks.mjs', '--require', './dist/tracing.js'];
  const messagesPort = await freePort();
  const server = spawn(process.execPath, [...hooks, 'dist/main.js'], {
    cwd: folder,
    env: { ...process.env, PLATFORM: platform, MICROSERVICE_PORT: String(messagesPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(server, 'exit');
  const complaints = text(server.stderr);
  const lines: Line[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const read = JSON.parse(line) as Line;
      lines.push(read);
      if (read.url !== undefined) resolve(read.url);
    });
    void exit.then(async () => reject(new Error(`The application exited. ${await complaints}`)));
  });
  const stop = async () => {
    server.kill();
    await exit;
  };
  return { url, lines, messagesPort, stop };
}

/** Sends one message to the TCP microservice and returns its answers. A frame is a length, `#` and JSON. */
async function sendMessage(port: number, pattern: string, data: unknown) {
  const socket = createConnection({ host: '127.0.0.1', port });
  const message = JSON.stringify({ pattern, data, id: '1' });
  socket.write(`${message.length}#${message}`);
  const answers: { response?: unknown; err?: unknown; isDisposed?: boolean }[] = [];
  let received = '';
  for await (const chunk of socket) {
    received += String(chunk);
    for (let at = received.indexOf('#'); at >= 0; at = received.indexOf('#')) {
      const end = at + 1 + Number(received.slice(0, at));
      if (received.length < end) break;
      answers.push(JSON.parse(received.slice(at + 1, end)) as (typeof answers)[number]);
      received = received.slice(end);
    }
    if (answers.at(-1)?.isDisposed) break;
  }
  socket.destroy();
  return answers;
}

// Installs packages from the registry: `npm run test:companions`.
describe.runIf(isInstalled)('An application with its companions', () => {
  beforeAll(install, PATIENCE);
  afterAll(() => rm(folder, { recursive: true, force: true }), PATIENCE);

  describe.each(['Express', 'Fastify'])('on %s', (platform) => {
    let application: Awaited<ReturnType<typeof startApplication>>;

    beforeAll(async () => {
      application = await startApplication(platform);
    }, PATIENCE);
    afterAll(() => application.stop());

    const get = (path: string, options?: RequestInit) =>
      fetch(`${application.url}/${path}`, options);
    const getText = async (path: string, options?: RequestInit) =>
      (await get(path, options)).text();
    const getJSON = async (path: string, options?: RequestInit) =>
      (await get(path, options)).json();
    /** The span of the server for a path. */
    const serverSpan = (path: string) =>
      application.lines.find(
        ({ kind, attributes }) => kind === 1 && attributes?.['url.path'] === path,
      );
    const logLine = (path: string) =>
      application.lines.find(({ req, res }) => res && req?.url === path);
    const reports = () =>
      application.lines.flatMap(({ reported }) => (reported === undefined ? [] : [reported]));

    describe('with OpenTelemetry, nestjs-pino, nestjs-cls and nestjs-i18n', () => {
      it.each([
        'mapped/observable',
        'mapped/generator',
        'returned/observable',
        'returned/generator',
      ])('keeps the async context in every item of /%s', async (name) => {
        const path = `api/v1/${name}`;
        const headers = { 'x-id': name, 'accept-language': 'de' };
        const items = (await getText(path, { headers }))
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line.replace(/^data: /, '')) as Item);
        const trace = items[0]?.trace;
        expect(trace).toMatch(/^[0-9a-f]{32}$/);
        expect(items).toEqual([0, 1, 2].map((i) => ({ i, id: name, trace, language: 'de' })));
        await expect
          .poll(() => serverSpan(`/${path}`)?.attributes)
          .toMatchObject({
            'http.response.status_code': 200,
            'http.route': `/${path}`,
          });
        await expect
          .poll(() => logLine(`/${path}`))
          .toMatchObject({
            msg: 'request completed',
            res: { statusCode: 200 },
          });
      });

      it('ends the span and the log line of a stream that fails', async () => {
        const response = await get('api/v1/failing');
        await expect(response.text()).rejects.toThrow('terminated');
        await expect.poll(() => serverSpan('/api/v1/failing')).toBeDefined();
        await expect.poll(() => logLine('/api/v1/failing')?.msg).toBe('request aborted');
      });

      it('ends the span and the log line when the client disconnects, not before', async () => {
        const client = new AbortController();
        const response = await get('api/v1/endless', { signal: client.signal });
        await response.body?.getReader().read();
        await getText('api/v1/json');
        await expect.poll(() => serverSpan('/api/v1/json')).toBeDefined();
        await expect.poll(() => logLine('/api/v1/json')).toBeDefined();
        expect([serverSpan('/api/v1/endless'), logLine('/api/v1/endless')]).toEqual([
          undefined,
          undefined,
        ]);
        client.abort();
        await expect.poll(() => serverSpan('/api/v1/endless')).toBeDefined();
        await expect.poll(() => logLine('/api/v1/endless')?.msg).toBe('request aborted');
      });

      it('translates the content of a response', async () => {
        const headers = { 'accept-language': 'de' };
        expect(await getText(`${PUPPIES}/translated`, { headers })).toBe('Hallo Bono');
      });
    });

    it('reports unexpected exceptions of handlers and of streams to Sentry, and no others', async () => {
      await getText(`${PUPPIES}/missing`);
      const broken = await get(`${PUPPIES}/broken`);
      expect(broken.status).toBe(500);
      await expect((await get('api/v1/failing')).text()).rejects.toThrow('terminated');
      await expect.poll(reports).toContain('The source has failed');
      await expect
        .poll(reports)
        .toContainEqual(expect.stringContaining('does not conform to Puppy'));
      expect(reports()).not.toContain('No such puppy');
    });

    it.each(['api/v1/mapped/generator', `${PUPPIES}/one`, `${PUPPIES}/file`, `${PUPPIES}/missing`])(
      'sends the headers of helmet and CORS: /%s',
      async (path) => {
        const { headers } = await get(path, { headers: { origin: ORIGIN } });
        expect(Object.fromEntries(headers)).toMatchObject({
          'access-control-allow-origin': ORIGIN,
          'access-control-expose-headers': 'Link',
          'content-security-policy': expect.stringContaining("default-src 'self'"),
          'x-content-type-options': 'nosniff',
        });
      },
    );

    it('answers a preflight request', async () => {
      const headers = { origin: ORIGIN, 'access-control-request-method': 'GET' };
      const { status } = await get(`${PUPPIES}/one`, { method: 'OPTIONS', headers });
      expect(status).toBe(204);
    });

    it('compresses a list of declared DTOs, and keeps the part of a file as it is', async () => {
      const list = await get(`${PUPPIES}/many`, { headers: { 'accept-encoding': 'gzip' } });
      expect(list.headers.get('content-encoding')).toBe('gzip');
      expect(await list.json()).toHaveLength(1000);
      const file = await get(`${PUPPIES}/file`, {
        headers: { 'accept-encoding': 'gzip', range: 'bytes=2-4' },
      });
      expect([file.status, file.headers.get('content-encoding')]).toEqual([206, null]);
      expect(await file.text()).toBe('234');
    });

    it('sends the first line of an open stream at once, although compression is on', async () => {
      const client = new AbortController();
      const headers = { 'accept-encoding': 'gzip' };
      const response = await get('api/v1/endless', { headers, signal: client.signal });
      const { value } = (await response.body?.getReader().read()) ?? {};
      expect(Buffer.from(value ?? []).toString()).toContain('{"i":0');
      client.abort();
    });

    it('limits requests with the throttler, which answers in the form of the error filter', async () => {
      const statuses: number[] = [];
      for (let i = 0; i < 2; i++) {
        statuses.push((await get(`${PUPPIES}/throttled`)).status);
      }
      const refused = await get(`${PUPPIES}/throttled`);
      expect([...statuses, refused.status]).toEqual([200, 200, 429]);
      expect(refused.headers.get('content-type')).toBe('application/problem+json');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    it('caches what a declared route returns, and declares it again', async () => {
      const first = await get(`${PUPPIES}/cached/value`);
      const second = await get(`${PUPPIES}/cached/value`);
      expect(first.headers.get('x-cache')).toBe('MISS');
      expect(second.headers.get('x-cache')).toBe('HIT');
      const [one, two] = [await first.text(), await second.text()];
      expect(JSON.parse(one)).toEqual({ id: expect.any(Number) as number, name: 'Bono' });
      expect(two).toBe(one);
    });

    it.each(['response', 'stream'])('does not cache a %s', async (path) => {
      const first = await getText(`${PUPPIES}/cached/${path}`);
      const second = await getText(`${PUPPIES}/cached/${path}`);
      expect(first).toContain('"name":"Bono"');
      expect(second).toContain('"name":"Bono"');
      expect(second).not.toBe(first);
    });

    it('answers below the global prefix, the version and the path of RouterModule only', async () => {
      expect(await getJSON(`${PUPPIES}/one`)).toEqual({ id: 1, name: 'Bono' });
      const paths = [
        'puppies/one',
        'api/puppies/one',
        'api/v1/puppies/one',
        'api/v2/kennel/puppies/one',
      ];
      const others = await Promise.all(paths.map((path) => get(path)));
      expect(others.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      const { paths: documented } = (await getJSON('docs-json')) as {
        paths: Record<string, { get: { responses: Record<string, { content: object }> } }>;
      };
      expect(documented[`/${PUPPIES}/emitted`]?.get.responses['200']?.content).toHaveProperty([
        'text/event-stream',
      ]);
    });

    it('answers health checks of terminus, which declares its routes itself', async () => {
      const kennel = { status: 'up' };
      expect(await getJSON('api/v1/health/up')).toEqual({
        status: 'ok',
        info: { kennel },
        error: {},
        details: { kennel },
      });
      const down = await get('api/v1/health/down');
      expect(down.status).toBe(503);
      expect(await down.json()).toMatchObject({
        status: 503,
        details: { kennel: { status: 'down', message: 'no puppies' } },
      });
    });

    it('serves static files', async () => {
      expect(await getText('static/hello.txt')).toBe('static file\n');
      expect((await get('static/missing.txt')).status).toBe(404);
    });

    it('streams what an event emitter emits', async () => {
      const client = new AbortController();
      const response = await get(`${PUPPIES}/emitted`, { signal: client.signal });
      expect(await getJSON(`${PUPPIES}/emit`)).toEqual({ listened: true });
      const { value } = (await response.body?.getReader().read()) ?? {};
      expect(Buffer.from(value ?? []).toString()).toBe('data: {"id":3,"name":"Bono"}\n\n');
      client.abort();
      await expect
        .poll(() => getJSON(`${PUPPIES}/emit`), { timeout: 5000 })
        .toEqual({ listened: false });
    });

    it.each(['polling', 'websocket'])(
      'leaves socket.io on the same server alone: %s',
      async (transport) => {
        const { io } = createRequire(join(folder, 'package.json'))('socket.io-client') as {
          io: (url: string, options: object) => SocketClient;
        };
        const socket = io(application.url, { transports: [transport] });
        const echo = new Promise((resolve) => socket.once('echo', resolve));
        socket.emit('echo', 'hello');
        expect(await echo).toBe('hello');
        const exception = new Promise((resolve) => socket.once('exception', resolve));
        socket.emit('fail', '');
        expect(await exception).toMatchObject({ status: 'error', message: 'No such room' });
        socket.disconnect();
      },
    );

    it('leaves GraphQL in the same application alone', async () => {
      const query = (body: string) =>
        getJSON('graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: body }),
        });
      expect(await query('{ puppy { id } }')).toEqual({ data: { puppy: { id: 4 } } });
      expect(await query('{ missing { id } }')).toMatchObject({
        errors: [{ message: 'No such puppy', path: ['missing'] }],
      });
    });

    it('leaves a microservice in the same application alone', async () => {
      const squares = await sendMessage(application.messagesPort, 'squares', 3);
      expect(squares.flatMap(({ response }) => response ?? [])).toEqual([0, 1, 4]);
      const refused = await sendMessage(application.messagesPort, 'refuse', null);
      expect(refused).toMatchObject([{ err: { status: 'error', message: 'No such message' } }]);
      const failed = await sendMessage(application.messagesPort, 'fail', null);
      expect(failed).toMatchObject([
        { err: { status: 'error', message: 'Internal server error' } },
      ]);
      const failedLater = await sendMessage(application.messagesPort, 'fail-later', null);
      expect(failedLater).toMatchObject([
        { response: 1 },
        { err: { message: 'Internal server error' } },
      ]);
      await expect.poll(() => reports().filter((report) => report === 'a secret')).toHaveLength(2);
    });

    it('answers from a module that is loaded lazily', async () => {
      expect(await getJSON(`${PUPPIES}/lazy`)).toMatchObject({ isLazy: true });
      expect(await getJSON(`${PUPPIES}/lazy`)).toMatchObject({ isLazy: true });
    });
  });
});
