import autocannon from 'autocannon';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Platform } from './scenario.js';
import type { Usage, UsageRequest } from './server.js';

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));
/** The number of concurrent requests. */
export const CONNECTIONS = 4;

/** The cost of one round. */
export interface Round {
  /** Server CPU for each request, in microseconds. */
  readonly cpu: number;
  /** Requests answered in a second. */
  readonly rate: number;
}

/** A contestant in a separate process, which has served nothing else. */
export class Contestant {
  /**
   * @param node the Node binary for the server. The driver stays on its own
   * @param count the number of items in the answer, or another size, for contestants that serve several
   */
  static async start(
    file: string,
    platform: Platform,
    node: string,
    count = 1,
  ): Promise<Contestant> {
    const server = fork(SERVER, [file, platform, String(count)], { execPath: node });
    const failed = once(server, 'exit').then(([code]) => {
      throw new Error(`${file} ended with the code ${code} before it listened.`);
    });
    const [port] = (await Promise.race([once(server, 'message'), failed])) as [number];
    // It ends later, when it is stopped.
    failed.catch(() => undefined);
    return new Contestant(server, port);
  }

  private readonly url: string;

  private constructor(
    private readonly server: ChildProcess,
    readonly port: number,
  ) {
    this.url = `http://127.0.0.1:${port}/`;
  }

  /** Returns the body of one answer. Throws for any status but 200. */
  async fetch(): Promise<Buffer> {
    const response = await fetch(this.url);
    if (response.status !== 200) {
      throw new Error(`${this.url} answered ${response.status}: ${await response.text()}`);
    }
    return Buffer.from(await response.arrayBuffer());
  }

  /** Throws if a request is not answered with a 200. */
  async run(requests: number, connections = CONNECTIONS): Promise<Round> {
    const before = await this.usage();
    const result = await autocannon({
      url: this.url,
      amount: requests,
      connections,
      // The time that a single answer may take, in seconds. The longest one of `growth.ts` takes half a minute.
      timeout: 120,
      // The interval for noticing the end, in milliseconds.
      sampleInt: 10,
    });
    const after = await this.usage();
    if (result['2xx'] !== requests) {
      throw new Error(`Of ${requests} requests ${result['2xx']} were answered by 2xx.`);
    }
    return {
      cpu: (after.cpu - before.cpu) / requests,
      rate: (requests * 1000) / (result.finish.getTime() - result.start.getTime()),
    };
  }

  usage(): Promise<Usage> {
    return this.#ask('usage');
  }

  /** The usage after a full garbage collection. */
  collectedUsage(): Promise<Usage> {
    return this.#ask('collected');
  }

  async #ask(request: UsageRequest): Promise<Usage> {
    const answer = once(this.server, 'message');
    this.server.send(request);
    const [usage] = (await answer) as [Usage];
    return usage;
  }

  async stop(): Promise<void> {
    const exit = once(this.server, 'exit');
    this.server.disconnect();
    await exit;
  }
}
