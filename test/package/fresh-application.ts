import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type { Platform } from '../support/platforms.js';
import { freePort } from '../support/redis-server.js';

const executeFile = promisify(execFile);

/** The root of this repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Nest's command line, as this repository has installed it. */
export const NEST_COMMAND = join(root, 'node_modules/.bin/nest');
const SCHEMATICS_COMMAND = join(root, 'node_modules/.bin/schematics');
const SOURCES = fileURLToPath(new URL('application', import.meta.url));

/**
 * True to install the dependencies of an application from the registry. Otherwise, those of this repository are linked.
 */
const isInstalled = process.env['PACKAGE'] === 'installed';

/** The time npm, the compiler and the start of an application may take on a busy machine, in milliseconds. */
export const PATIENCE = isInstalled ? 600_000 : 240_000;

export type ModuleSystem = 'ESM' | 'CommonJS';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/** Runs a program and returns its output. If it fails, rejects with its output. */
export async function execute(file: string, options: string[], cwd?: string): Promise<string> {
  try {
    return (await executeFile(file, options, { cwd, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${file} has failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Packs the package as published, from a copy of its sources. Returns the path of the tarball. */
export async function packPackage(folder: string): Promise<string> {
  const copy = join(folder, 'sources');
  const left = new Set(['node_modules', 'dist', '.git']);
  await cp(root, copy, {
    recursive: true,
    filter: (file) => !left.has(relative(root, file).split(sep)[0] ?? ''),
  });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await execute('npm', ['pack', '--pack-destination', folder], copy);
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  return join(folder, tarball ?? '');
}

/** An application created by Nest's CLI, with the package and a few routes added. */
export class FreshApplication {
  private constructor(private readonly folder: string) {}

  static async create(
    folder: string,
    modules: ModuleSystem,
    platform: Platform['name'],
    tarball: string,
  ): Promise<FreshApplication> {
    const name = `${modules}-${platform}`.toLowerCase();
    if (modules === 'ESM') {
      const options = ['--skip-install', '--skip-git', '--package-manager', 'npm'];
      await execute(NEST_COMMAND, ['new', name, ...options], folder);
    } else {
      // The command that `nest new` runs after it has asked for the module system. It cannot be answered
      // non-interactively.
      const options = [`--name=${name}`, '--type=cjs', '--language=ts', '--no-interactive'];
      await execute(SCHEMATICS_COMMAND, ['@nestjs/schematics:application', ...options], folder);
    }
    const application = new FreshApplication(join(folder, name));
    await application.addRoutes(platform);
    await application.addPackages(platform, tarball);
    return application;
  }

  /** Compiles the application with its own settings, and checks the typings of all imports. */
  async compile(...options: string[]): Promise<void> {
    const compiler = join(this.folder, 'node_modules/typescript/bin/tsc');
    const settings = ['--project', 'tsconfig.build.json', '--types', 'node'];
    // Nest's settings skip the typings of packages. A missing import there would become `any`.
    const checks = ['--skipLibCheck', 'false'];
    const all = [compiler, ...settings, ...checks, ...options];
    await execute(process.execPath, all, this.folder);
  }

  /** Starts the compiled application. It ends with the test. */
  async start(): Promise<{ url: string }> {
    const port = await freePort();
    const server = spawn(process.execPath, ['dist/main.js'], {
      cwd: this.folder,
      env: { ...process.env, PORT: `${port}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const complaints = text(server.stderr);
    const exit = once(server, 'exit').then(async () => {
      throw new Error(`The application has ended. ${await complaints}`);
    });
    onTestFinished(async () => {
      server.kill();
      await exit.catch(() => undefined);
    });
    const url = `http://127.0.0.1:${port}`;
    const listen = async () => {
      const answer = () => fetch(url).then(({ status }) => status);
      await expect.poll(answer, { timeout: PATIENCE }).toBe(404);
    };
    await Promise.race([listen(), exit]);
    return { url };
  }

  /** Runs a script of the application's sources and returns its output. */
  run(script: string): Promise<string> {
    return execute(process.execPath, [join('src', script)], this.folder);
  }

  private async addRoutes(platform: Platform['name']): Promise<void> {
    const sources = join(this.folder, 'src');
    await rm(join(sources, 'app.controller.spec.ts'));
    await rm(join(sources, 'app.service.ts'));
    await cp(SOURCES, sources, { recursive: true });
    if (platform === 'Fastify') {
      const main = join(sources, 'main.ts');
      const onExpress = await readFile(main, 'utf8');
      const onFastify = onExpress.replace('(AppModule)', '(AppModule, new FastifyAdapter())');
      const adapter = `import { FastifyAdapter } from '@nestjs/platform-fastify';\n`;
      await writeFile(main, `${adapter}${onFastify}`);
    }
  }

  private async addPackages(platform: Platform['name'], tarball: string): Promise<void> {
    const file = join(this.folder, 'package.json');
    const manifest = await readManifest(this.folder);
    const own = await readManifest(root);
    manifest.dependencies['@nestjs/swagger'] = own.devDependencies['@nestjs/swagger'] ?? '*';
    if (platform === 'Fastify') {
      delete manifest.dependencies['@nestjs/platform-express'];
      delete manifest.devDependencies['@types/express'];
      manifest.dependencies['@nestjs/platform-fastify'] =
        own.devDependencies['@nestjs/platform-fastify'] ?? '*';
    }
    await writeFile(file, JSON.stringify(manifest, null, 2));
    await installPackage(this.folder, tarball);
  }
}

/**
 * Installs the packed package in an application, beside the dependencies of its manifest: by npm, or by links to the
 * packages of this repository.
 */
export async function installPackage(folder: string, tarball: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  if (isInstalled) {
    await execute('npm', ['install', '--no-audit', '--no-fund', tarball], folder);
    return;
  }
  const [manifest, own] = await Promise.all([folder, root].map(readManifest));
  const names = [manifest?.dependencies, manifest?.devDependencies, own?.dependencies]
    .flatMap((packages = {}) => Object.keys(packages))
    .filter((name) => existsSync(join(root, 'node_modules', name)));
  for (const name of names) {
    const link = join(modules, name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  const target = join(modules, 'nestjs-responses');
  await mkdir(target);
  await execute('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
}

/** Reads the manifest of the package in a folder. */
export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}
