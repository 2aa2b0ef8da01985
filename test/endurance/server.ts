import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { buildProgram, type BuiltProgram } from '../support/build-program.js';
import type { Answer, Commands, ServerOptions } from './protocol.js';

/** The server of the endurance tests, in a separate process. */
export class EnduranceServer {
  port = 0;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #number = 0;

  private constructor(readonly process: ChildProcess) {
    this.process.on('message', ({ number, answer }: Answer) => {
      this.#answers.get(number)?.(answer);
      this.#answers.delete(number);
    });
  }

  /** @param launcher a command with arguments that starts Node @returns once it listens */
  static async start(
    program: BuiltProgram,
    options: ServerOptions,
    launcher: readonly string[] = [],
  ): Promise<EnduranceServer> {
    const [command, ...rest] = [...launcher, process.execPath, '--expose-gc', program.file];
    const child = spawn(command, rest, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ENDURANCE_SERVER: JSON.stringify(options) },
    });
    const server = new EnduranceServer(child);
    server.port = await server.call('listen');
    return server;
  }

  get pid(): number {
    return this.process.pid as number;
  }

  call<TName extends keyof Commands>(name: TName): Promise<Awaited<ReturnType<Commands[TName]>>> {
    const number = this.#number++;
    return new Promise((resolve) => {
      this.#answers.set(number, (answer) =>
        resolve(answer as Awaited<ReturnType<Commands[TName]>>),
      );
      this.process.send({ number, name });
    });
  }

  /** Resolves once the process has ended, with the time that it took in milliseconds. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<number> {
    const begin = performance.now();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exit = once(this.process, 'exit');
      this.process.kill(signal);
      await exit;
    }
    return performance.now() - begin;
  }
}

/** Builds the server. The caller removes it. */
export function buildServer(): Promise<BuiltProgram> {
  return buildProgram('test/endurance/application.ts');
}
