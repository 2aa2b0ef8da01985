import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from './programs.js';

/** A network of its own, with nothing in it but a loopback. Processes are started in it by its `launcher`. */
export class Network {
  private constructor(
    private readonly holder: ChildProcess,
    /** A command, and its arguments, that starts a program in this network. */
    readonly launcher: readonly string[],
  ) {}

  /** It is gone once it is removed and no process is left in it. */
  static async create(): Promise<Network> {
    const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep infinity'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const network = new Network(holder, ['nsenter', '--target', String(holder.pid), '--net']);
    network.#run('ip', 'link', 'set', 'lo', 'up');
    return network;
  }

  /** Lays a cable to another network; either end has addresses, e.g. `10.0.0.1/24`. */
  connect(addresses: readonly string[], other: Network, otherAddresses: readonly string[]): void {
    const netns = String(other.holder.pid);
    this.#run(
      'ip',
      'link',
      'add',
      'cable',
      'type',
      'veth',
      'peer',
      'name',
      'cable',
      'netns',
      netns,
    );
    this.#bringUp(addresses);
    other.#bringUp(otherAddresses);
  }

  /** Has each packet to an address dropped, without a word to anybody. */
  drop(address: string): void {
    this.#run('ip', 'route', 'add', 'blackhole', address);
  }

  remove(): void {
    this.holder.kill('SIGKILL');
  }

  #bringUp(addresses: readonly string[]): void {
    for (const address of addresses) {
      // One of IPv6 is not used before it is known to be no other's, which takes a second.
      const options = address.includes(':') ? ['nodad'] : [];
      this.#run('ip', 'address', 'add', address, 'dev', 'cable', ...options);
    }
    this.#run('ip', 'link', 'set', 'cable', 'up');
  }

  #run(...command: string[]): void {
    const [nsenter = '', ...options] = this.launcher;
    execFileSync(nsenter, [...options, ...command]);
  }
}

/** Whether networks can be made: on Linux, by the superuser. Where they cannot, that is told, and an error in CI. */
export const hasNetworks = canMakeNetworks();

function canMakeNetworks(): boolean {
  if (!findProgram('unshare') || !findProgram('nsenter') || !findProgram('ip')) {
    return false;
  }
  try {
    execFileSync('unshare', ['--net', 'true'], { stdio: 'pipe' });
    return true;
  } catch (cause) {
    const message =
      'Networks cannot be made, so the tests of clients that vanish do not run. Run them as root, on Linux.';
    if (process.env['CI']) {
      throw new Error(message, { cause });
    }
    console.warn(message);
    return false;
  }
}
