import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
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

const isInstalled = process.env['COMPANIONS'] === 'installed';

/** A span or a log line, as the application prints it. */
interface Line {
  readonly url?: string;
  readonly kind?: number;
  readonly attributes?: Record<string, unknown>;
  readonly req?: { readonly url: string };
  readonly res?: { readonly statusCode: number };
  readonly msg?: string;
}

interface Item {
  readonly i: number;
  readonly id: string;
  readonly trace: string;
}

let folder: string;

async function install(): Promise<void> {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'companions-')));
  const tarball = await packPackage(folder);
  for (const name of ['package.json', 'package-lock.json', 'application/hooks.mjs']) {
    await cp(join(PROJECT, name), join(folder, name));
  }
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--legacy-peer-deps'];
  await execute('npm', ['ci', ...options], folder);
  await execute('npm', ['install', '--no-save', ...options, tarball], folder);
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist/package.json'), '{ "type": "commonjs" }');
  for (const name of ['main', 'tracing']) {
    const source = await readFile(join(PROJECT, 'application', `${name}.ts`), 'utf8');
    const compilerOptions = {
      module: ModuleKind.CommonJS,
      target: ScriptTarget.ES2022,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
    };
    const { outputText } = transpileModule(source, { compilerOptions });
    await writeFile(join(folder, 'dist', `${name}.js`), outputText);
  }
}

/** Starts the application in a process of its own. */
async function startApplication(platform: string) {
  const hooks = ['--import', './application/hooks.mjs', '--require', './dist/tracing.js'];
  const server = spawn(process.execPath, [...hooks, 'dist/main.js'], {
    cwd: folder,
    env: { ...process.env, PLATFORM: platform },
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
  return { url, lines, stop };
}

// Installs packages from the registry: `npm run test:companions`.
describe.runIf(isInstalled)('An application with OpenTelemetry, nestjs-pino and nestjs-cls', () => {
  beforeAll(install, PATIENCE);
  afterAll(() => rm(folder, { recursive: true, force: true }), PATIENCE);

  describe.each(['Express', 'Fastify'])('on %s', (platform) => {
    let application: Awaited<ReturnType<typeof startApplication>>;

    beforeAll(async () => {
      application = await startApplication(platform);
    }, PATIENCE);
    afterAll(() => application.stop());

    /** The span of the server for a path. */
    const serverSpan = (path: string) =>
      application.lines.find(
        ({ kind, attributes }) => kind === 1 && attributes?.['url.path'] === path,
      );
    const logLine = (path: string) =>
      application.lines.find(({ req, res }) => res && req?.url === path);

    it.each(['mapped/observable', 'mapped/generator', 'returned/observable', 'returned/generator'])(
      'keeps the async context in every item of /%s',
      async (path) => {
        const response = await fetch(`${application.url}/${path}`, { headers: { 'x-id': path } });
        const items = (await response.text())
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line.replace(/^data: /, '')) as Item);
        const trace = items[0]?.trace;
        expect(trace).toMatch(/^[0-9a-f]{32}$/);
        expect(items).toEqual([0, 1, 2].map((i) => ({ i, id: path, trace })));
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
      },
    );

    it('ends the span and the log line of a stream that fails', async () => {
      const response = await fetch(`${application.url}/failing`);
      await expect(response.text()).rejects.toThrow('terminated');
      await expect.poll(() => serverSpan('/failing')).toBeDefined();
      await expect.poll(() => logLine('/failing')?.msg).toBe('request aborted');
    });

    it('ends the span and the log line when the client disconnects, not before', async () => {
      const client = new AbortController();
      const response = await fetch(`${application.url}/endless`, { signal: client.signal });
      await response.body?.getReader().read();
      await (await fetch(`${application.url}/json`)).text();
      await expect.poll(() => serverSpan('/json')).toBeDefined();
      await expect.poll(() => logLine('/json')).toBeDefined();
      expect([serverSpan('/endless'), logLine('/endless')]).toEqual([undefined, undefined]);
      client.abort();
      await expect.poll(() => serverSpan('/endless')).toBeDefined();
      await expect.poll(() => logLine('/endless')?.msg).toBe('request aborted');
    });
  });
});
