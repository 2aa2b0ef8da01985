import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** An application in a separate process. */
export class Application {
  #process: ChildProcess | undefined;

  constructor(
    private readonly file: string,
    private readonly port: number,
    private readonly variables: Readonly<Record<string, string | undefined>>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const env = { ...process.env, PORT: `${this.port}`, ...this.variables };
    this.#process = fork(this.file, { env });
    await once(this.#process, 'message');
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    }
  }
}
