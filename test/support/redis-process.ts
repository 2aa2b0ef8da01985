import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A Redis server process. */
export class RedisProcess {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** Starts a program. Resolves when it reports that it is ready. */
  static async start(
    program: string,
    args: readonly string[],
    port: number,
    ready: string,
  ): Promise<RedisProcess> {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes(ready)) {
        // Further output must not fill the pipe.
        child.stdout.resume();
        return new RedisProcess(port, child);
      }
    }
    throw new Error(`${program} did not start on port ${port}.`);
  }

  /** Stops the program. Resolves when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    }
  }
}
