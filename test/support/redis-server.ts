import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findProgram } from './programs.js';

/** The path of the server. Undefined if it is not installed. */
export const redisProgram = findProgram('redis-server');

/** A Redis server for a test, with its own port and directory. Its data survives `restart()`. */
export class RedisServer {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
  ) {}

  /** Starts a server that writes each command to its append-only file before it answers. */
  static async start(): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'redis-'));
    const server = new RedisServer(await freePort(), directory);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Restarts the server, on the same port and with its data. */
  async restart(): Promise<void> {
    const { port, directory } = this;
    const child = spawn(
      redisProgram ?? 'redis-server',
      [
        ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', ''],
        ['--appendonly', 'yes', '--appendfsync', 'always'],
      ].flat(),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('Ready to accept connections')) {
        // Further output must not fill the pipe.
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`redis-server did not start on port ${port}.`);
  }

  /** Stops the server and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    }
  }

  /** Suspends the server, as if the network were lost. `SIGCONT` resumes it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal);
  }

  /** Stops the server and removes its data. */
  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Returns a free loopback port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
