import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from './programs.js';

/** A separate network that contains only a loopback. Its `launcher` starts processes in it. */
export class Network {
  private constructor(
    private readonly holder: ChildProcess,
    /** A command with arguments that starts a program in this network. */
    readonly launcher: readonly string[],
  ) {}

  /** It is deleted once it is removed and its last process has ended. */
  static async create(): Promise<Network> {
    const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep infinity'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const network = new Network(holder, ['nsenter', '--target', String(holder.pid), '--net']);
    network.#run('ip', 'link', 'set', 'lo', 'up');
    return network;
  }

  /** Connects to another network. Each end gets an address, e.g. `10.0.0.1/24`. */
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

  /** Silently drops all packets to an address. */
  drop(address: string): void {
    this.#run('ip', 'route', 'add', 'blackhole', address);
  }

  remove(): void {
    this.holder.kill('SIGKILL');
  }

  #bringUp(addresses: readonly string[]): void {
    for (const address of addresses) {
      // An IPv6 address is not used until it is known to be unique, which takes a second.
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

/** True if networks can be created: on Linux, as root. Otherwise logs a message, and throws in CI. */
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
      'Networks cannot be created, so the tests of vanished clients are skipped. Run them as root, on Linux.';
    if (process.env['CI']) {
      throw new Error(message, { cause });
    }
    console.warn(message);
    return false;
  }
}
