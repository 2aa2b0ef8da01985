import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { Platform } from '../support/platforms.js';
import { freePort } from '../support/redis-server.js';
import { execute } from './fresh-application.js';

const SOURCES = fileURLToPath(new URL('installed', import.meta.url));

/** The time npm, a compiler or the start of an application may take on a busy machine, in milliseconds. */
export const PATIENCE = 900_000;

/** A major version of Nest, with the output of its own CLI. */
export interface Major {
  readonly nest: '11' | '12';
  /** The test runner of a new application. */
  readonly runner: 'jest' | 'vitest';
}

/** Packages to install in addition to those of `nest new`. */
const packagesOf = (nest: Major['nest']): string[] => [
  `@nestjs/platform-fastify@${nest}`,
  `@nestjs/swagger@${nest}`,
  '@swc/cli',
  '@swc/core',
  'redis@6',
  'ts5.7@npm:typescript@~5.7.0',
  'ts5.9@npm:typescript@~5.9.0',
  'ts6.0@npm:typescript@~6.0.0',
];

/** An application created by `@nestjs/cli new` of a major version, with the packed package installed by npm. */
export class InstalledApplication {
  private constructor(
    readonly folder: string,
    private readonly major: Major,
  ) {}

  static async create(
    parent: string,
    major: Major,
    tarball: string,
  ): Promise<InstalledApplication> {
    const name = `nest-${major.nest}`;
    const cli = ['exec', '--yes', `--package=@nestjs/cli@${major.nest}`, '--', 'nest', 'new', name];
    const options = ['--skip-install', '--skip-git', '--strict', '--package-manager', 'npm'];
    await execute('npm', [...cli, ...options], parent);
    const application = new InstalledApplication(join(parent, name), major);
    await application.#install(tarball);
    await application.#addSources();
    return application;
  }

  /** Runs the tests of the application with its own runner. */
  async test(): Promise<string> {
    const runner = join(this.folder, `node_modules/.bin/${this.major.runner}`);
    const options =
      this.major.runner === 'jest'
        ? ['--ci', '--rootDir', 'src', '--testRegex', '\\.spec\\.ts$']
        : ['run', '--dir', 'src'];
    return this.#run(runner, options);
  }

  /** Checks the types of the sources and of all packages that they import. */
  async checkTypes(compiler: string, options: readonly string[]): Promise<void> {
    const tsc = join(this.folder, 'node_modules', compiler, 'bin/tsc');
    const settings = {
      compilerOptions: {
        target: 'ES2022',
        lib: ['ES2023'],
        types: ['node'],
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        esModuleInterop: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
      files: ['src/puppies.controller.ts', 'src/app.module.ts', 'src/entries.ts'],
    };
    await writeFile(join(this.folder, 'tsconfig.check.json'), JSON.stringify(settings));
    await this.#run(process.execPath, [tsc, '--project', 'tsconfig.check.json', ...options]);
  }

  /** Compiles the application with swagger's CLI plugin. */
  async build(builder: 'tsc' | 'swc'): Promise<void> {
    const file = join(this.folder, 'nest-cli.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as { compilerOptions: object };
    const plugins = [{ name: '@nestjs/swagger', options: { introspectComments: true } }];
    const compilerOptions = {
      ...settings.compilerOptions,
      builder,
      typeCheck: builder === 'swc',
      plugins,
    };
    await writeFile(file, JSON.stringify({ ...settings, compilerOptions }));
    await this.#run(join(this.folder, 'node_modules/.bin/nest'), ['build']);
  }

  /** Starts the built application, and ends it with the test. */
  async start(platform: Platform['name']): Promise<{ url: string }> {
    const port = await freePort();
    const server = spawn(process.execPath, ['dist/main.js'], {
      cwd: this.folder,
      env: { ...process.env, PORT: `${port}`, PLATFORM: platform },
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
      const answer = () => fetch(`${url}/json`).then(({ status }) => status);
      await expect.poll(answer, { timeout: 60_000 }).toBe(200);
    };
    await Promise.race([listen(), exit]);
    return { url };
  }

  async #install(tarball: string): Promise<void> {
    const packages = [tarball, ...packagesOf(this.major.nest)];
    await this.#run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages]);
  }

  async #addSources(): Promise<void> {
    const sources = join(this.folder, 'src');
    for (const name of ['app.controller.spec.ts', 'app.controller.ts', 'app.service.ts']) {
      await rm(join(sources, name), { force: true });
    }
    await mkdir(sources, { recursive: true });
    await cp(SOURCES, sources, { recursive: true });
    for (const platform of ['express', 'fastify']) {
      const source = join(sources, `${platform}.test-source.ts`);
      const written = await readFile(source, 'utf8');
      // Jest has these names as globals.
      const content =
        this.major.runner === 'jest'
          ? written.replace(/^import .* from 'vitest';\n/m, '')
          : written;
      await writeFile(join(sources, `${platform}.spec.ts`), content);
      await rm(source);
    }
    const entries = ['nestjs-responses', 'nestjs-responses/redis', 'nestjs-responses/testing'];
    const lines = entries.map((entry, i) => `export * as entry${i} from '${entry}';\n`);
    await writeFile(join(sources, 'entries.ts'), lines.join(''));
    if (this.major.runner === 'jest') {
      // Jest's resolver does not know the extension that ES modules need.
      const file = join(this.folder, 'package.json');
      const manifest = JSON.parse(await readFile(file, 'utf8')) as { jest: object };
      const moduleNameMapper = { '^(\\.{1,2}/.*)\\.js$': '$1' };
      await writeFile(
        file,
        JSON.stringify({ ...manifest, jest: { ...manifest.jest, moduleNameMapper } }),
      );
    }
  }

  #run(file: string, options: readonly string[]): Promise<string> {
    return execute(file, [...options], this.folder);
  }
}
