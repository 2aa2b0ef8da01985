import { open, type FileHandle } from 'node:fs/promises';
import type { Socket } from 'node:net';
import {
  connectionName,
  findSilent,
  type ConnectionEnds,
  type ConnectionName,
} from './tcp-table.js';

/** The tables of all connections of the network that this process is in, which Linux has. */
const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
/** More than the system gives at once, which is a page, and the row that was not whole before. */
const READ_LENGTH = 16 * 1024;

interface Peer {
  readonly ends: ConnectionEnds;
  readonly timeout: number;
  readonly onSilent: () => void;
}

/**
 * Notices that the other side of a connection has vanished without a packet, e.g. a laptop that was shut, which shows in
 * nothing else for a quarter of an hour: what is small, as a heartbeat, the system takes and goes on sending again.
 *
 * The system is asked for all connections at once, at most each half `timeout`, and not at all while none is watched.
 */
export class PeerWatch {
  readonly #tables: readonly string[];
  readonly #peers = new Set<Peer>();
  #interval = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(tables: readonly string[]) {
    this.#tables = tables;
  }

  /** As `watchPeer()`. */
  watch(socket: Socket, timeout: number, onSilent: () => void): () => void {
    // Read now, as the socket of an HTTP/2 session throws once that is over.
    const ends = endsOf(socket);
    if (!ends) {
      return () => undefined;
    }
    const peer = { ends, timeout, onSilent };
    this.#peers.add(peer);
    if (timeout / 2 < this.#interval) {
      this.#interval = timeout / 2;
      this.#schedule();
    }
    return () => {
      this.#peers.delete(peer);
      if (this.#peers.size === 0) {
        this.#interval = Infinity;
        clearTimeout(this.#timer);
      }
    };
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isLooking) {
      this.#timer = setTimeout(() => void this.#look(), this.#interval).unref();
    }
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const silent = new Map<ConnectionName, number>();
    for (const table of this.#tables) {
      await readTable(table, silent);
    }
    this.#isLooking = false;
    if (silent.size > 0) {
      this.#tell(silent);
    }
    this.#interval = Infinity;
    for (const { timeout } of this.#peers) {
      this.#interval = Math.min(this.#interval, timeout / 2);
    }
    if (this.#peers.size > 0) {
      this.#schedule();
    }
  }

  #tell(silent: ReadonlyMap<ConnectionName, number>): void {
    for (const peer of this.#peers) {
      const silence = silent.get(connectionName(peer.ends)) ?? 0;
      if (silence >= peer.timeout) {
        this.#peers.delete(peer);
        peer.onSilent();
      }
    }
  }
}

async function readTable(path: string, silent: Map<ConnectionName, number>): Promise<void> {
  let table: FileHandle | undefined;
  try {
    table = await open(path);
    const buffer = Buffer.allocUnsafe(READ_LENGTH);
    let kept = 0;
    for (;;) {
      const { bytesRead } = await table.read(buffer, kept, buffer.length - kept, null);
      if (bytesRead === 0) {
        return;
      }
      const end = kept + bytesRead;
      const rest = findSilent(buffer.subarray(0, end), silent);
      buffer.copyWithin(0, rest, end);
      kept = end - rest;
    }
  } catch {
    // The table is missing (e.g. without IPv6) or cannot be read for now (too many open files): what it would have told
    // is told by the system's own time-out, as elsewhere.
  } finally {
    await table?.close();
  }
}

function endsOf(socket: Socket): ConnectionEnds | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  // A Unix socket has none, and neither has one that is closed.
  return localAddress && localPort && remoteAddress && remotePort
    ? { localAddress, localPort, remoteAddress, remotePort }
    : undefined;
}

const processWatch = new PeerWatch(TABLES);

/**
 * Calls back once the other side of a connection has acknowledged nothing of what was sent to it for `timeout`
 * milliseconds. One that is only slow to read is none of those: its system answers.
 *
 * On Linux alone: elsewhere, and for a Unix socket, it never calls back.
 *
 * @returns ends the watch.
 */
export function watchPeer(socket: Socket, timeout: number, onSilent: () => void): () => void {
  return process.platform === 'linux'
    ? processWatch.watch(socket, timeout, onSilent)
    : () => undefined;
}
