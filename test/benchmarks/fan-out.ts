import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findNode } from './support/find-node.js';
import { table } from './support/report.js';
import { NEST_PLATFORMS } from './support/scenario.js';
import { quantile } from './support/statistics.js';

/**
 * Measures the CPU time of the server for each delivered event, if events are published one by one to 2,000 clients:
 * the next one is published once every client has the one before.
 */
const SERVER = fileURLToPath(new URL('support/fan-out-server.js', import.meta.url));
const CLIENTS = 2000;
const EVENTS = 20;
const ROUNDS = 9;
const VARIANTS = ['nestjs-responses', 'by-hand', 'nest-sse', 'nest-sse, again'];

const { values } = parseArgs({ options: { node: { type: 'string' } } });
const node = await findNode(values.node);

/** A server with its clients. */
class Fanout {
  static async start(variant: string, platform: string): Promise<Fanout> {
    const program = fork(SERVER, [variant.replace(', again', ''), platform], {
      execPath: node.path,
    });
    const [port] = (await once(program, 'message')) as [number];
    const fanout = new Fanout(program);
    for (let i = 0; i < CLIENTS; i++) {
      await fanout.#connect(port);
    }
    return fanout;
  }

  readonly #sockets: Socket[] = [];
  #arrived = 0;
  #expected = Infinity;
  #onAll: () => void = () => undefined;

  private constructor(private readonly program: ChildProcess) {}

  /** Returns the CPU time of the server for each delivery, in microseconds. */
  async run(): Promise<number> {
    const before = await this.#cpu();
    for (let i = 0; i < EVENTS; i++) {
      this.#expected = this.#arrived + CLIENTS;
      const all = new Promise<void>((resolve) => {
        this.#onAll = resolve;
      });
      this.program.send('publish');
      await all;
    }
    return ((await this.#cpu()) - before) / EVENTS / CLIENTS;
  }

  async stop(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    const exit = once(this.program, 'exit');
    this.program.disconnect();
    await exit;
  }

  async #connect(port: number): Promise<void> {
    const socket = connect(port, '127.0.0.1');
    this.#sockets.push(socket);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.on('data', (chunk: Buffer) => {
      // Each event has one id.
      for (let at = chunk.indexOf('id: '); at >= 0; at = chunk.indexOf('id: ', at + 4)) {
        this.#arrived += 1;
      }
      if (this.#arrived === this.#expected) {
        this.#onAll();
      }
    });
  }

  async #cpu(): Promise<number> {
    const answer = once(this.program, 'message');
    this.program.send('cpu');
    return ((await answer) as [number])[0];
  }
}

console.log(`Node ${node.version}, ${CLIENTS} clients, median of ${ROUNDS} rounds.\n`);
const rows: string[][] = [];
for (const platform of NEST_PLATFORMS) {
  const fanouts = new Map<string, Fanout>();
  const costs = new Map(VARIANTS.map((variant) => [variant, [] as number[]]));
  for (const variant of VARIANTS) {
    fanouts.set(variant, await Fanout.start(variant, platform));
  }
  for (let round = -2; round < ROUNDS; round++) {
    for (const [variant, fanout] of fanouts) {
      const cost = await fanout.run();
      if (round >= 0) {
        costs.get(variant)?.push(cost);
      }
    }
  }
  const reference = quantile(costs.get('nest-sse') ?? [], 0.5);
  for (const [variant, numbers] of costs) {
    const cost = quantile(numbers, 0.5);
    rows.push([variant, platform, cost.toFixed(2), (cost / reference).toFixed(2)]);
  }
  for (const fanout of fanouts.values()) {
    await fanout.stop();
  }
}
console.log(
  table(['contestant', 'platform', 'CPU for each delivered event, µs', 'against @Sse()'], rows),
);
