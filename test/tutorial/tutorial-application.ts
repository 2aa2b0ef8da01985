import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import {
  execute,
  installPackage,
  NEST_COMMAND,
  PATIENCE,
  readManifest,
  root,
} from '../package/fresh-application.js';
import { freePort } from '../support/redis-server.js';

/** The application of the tutorial, in the state in which a reader has it after each step. */
export class TutorialApplication {
  #folder: string | undefined;
  #server: ChildProcess | undefined;
  #port: number | undefined;

  constructor(
    private readonly parent: string,
    private readonly tarball: string,
  ) {}

  /** The port that the application listens on, the same after a restart. */
  get port(): number {
    if (this.#port === undefined) {
      throw new Error('The tutorial has not started the application yet.');
    }
    return this.#port;
  }

  /** Runs a command of the tutorial. Throws if it is not one of those that readers run. */
  async run(command: string): Promise<void> {
    const [program, ...options] = command.split(' ');
    if (command.startsWith('npx @nestjs/cli@12 new ')) {
      // What npx would download is installed here, and the packages are linked by the next command.
      await execute(
        NEST_COMMAND,
        [...options.slice(1), '--skip-install', '--skip-git'],
        this.parent,
      );
    } else if (program === 'cd') {
      this.#folder = join(this.parent, options[0] ?? '');
    } else if (command.startsWith('npm install nestjs-responses ')) {
      await this.#install(options.slice(2));
    } else if (program === 'rm') {
      await Promise.all(options.map((name) => rm(join(this.folder, name))));
    } else if (command === 'npm run start:dev') {
      await this.stop();
      await this.start();
    } else {
      throw new Error(`No reader of the tutorial can run "${command}" here.`);
    }
  }

  get folder(): string {
    if (this.#folder === undefined) {
      throw new Error('The tutorial has not entered the folder of the application yet.');
    }
    return this.#folder;
  }

  async write(path: string, content: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  /** Compiles the application by its own settings. Rejects with the errors of the compiler. */
  async build(): Promise<void> {
    const nest = join(this.folder, 'node_modules/@nestjs/cli/bin/nest.js');
    await execute(process.execPath, [nest, 'build'], this.folder);
  }

  /** Compiles and starts the application, as its script `start:dev` does. */
  async start(): Promise<void> {
    await this.build();
    const port = (this.#port ??= await freePort());
    const server = spawn(process.execPath, ['dist/main.js'], {
      cwd: this.folder,
      env: { ...process.env, PORT: `${port}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#server = server;
    const complaints = text(server.stderr);
    const exit = once(server, 'exit').then(async () => {
      throw new Error(`The application has ended. ${await complaints}`);
    });
    const answer = () => fetch(`http://127.0.0.1:${port}/none`).then(({ status }) => status);
    const listen = async () => {
      await expect.poll(answer, { timeout: PATIENCE }).toBe(404);
    };
    await Promise.race([listen(), exit]);
    exit.catch(() => undefined);
  }

  /** Stops the application as Ctrl+C does. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server?.exitCode === null && server.signalCode === null) {
      server.kill('SIGINT');
      await once(server, 'exit');
    }
  }

  /** Adds packages to the manifest, in the versions of this repository, and installs them. */
  async #install(names: readonly string[]): Promise<void> {
    const [manifest, own] = await Promise.all([this.folder, root].map(readManifest));
    for (const name of names) {
      Object.assign(manifest?.dependencies ?? {}, { [name]: own?.devDependencies[name] });
    }
    await this.write('package.json', JSON.stringify(manifest, null, 2));
    await installPackage(this.folder, this.tarball);
  }
}
