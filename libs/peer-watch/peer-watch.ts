import { open, type FileHandle } from 'node:fs/promises';
import type { Socket } from 'node:net';
import {
  connectionName,
  findBacklogs,
  type Backlog,
  type ConnectionEnds,
  type ConnectionName,
} from './tcp-table.js';

/** The tables of all connections of the network that this process is in, which Linux has. */
const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
/** More than the system gives at once, which is a page, and the row that was not whole before. */
const READ_LENGTH = 16 * 1024;

/** What is told of a connection while it is watched. */
export interface WatchedPeer {
  /**
   * Whether the other side may have taken something of what waits for it within the last `timeout` milliseconds. For one
   * that takes nothing more it turns false up to half of `timeout` late. False where the system does not tell.
   */
  isTaking(): boolean;
  /** Ends the watch. */
  stop(): void;
}

interface Peer {
  readonly ends: ConnectionEnds;
  readonly timeout: number;
  readonly onSilent: (() => void) | undefined;
  /** Made at the first look, as most connections are over before. */
  name: ConnectionName | undefined;
  /** What waited for it at the last look; undefined before the first. */
  untaken: number | undefined;
  /** The look that saw this change; each is in milliseconds since the process began. */
  changedAt: number;
  lookedAt: number;
}

const NO_BACKLOG: Backlog = { untaken: 0, silence: 0 };
const UNWATCHED: WatchedPeer = { isTaking: () => false, stop: () => undefined };

/**
 * Notices that the other side of a connection has vanished without a packet, e.g. a laptop that was shut, which shows in
 * nothing else for a quarter of an hour: what is small, as a heartbeat, the system takes and goes on sending again.
 * Tells a slow one from one that takes nothing by whether what waits for it changes from one look to the next.
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
  watch(socket: Socket, timeout: number, onSilent?: () => void): WatchedPeer {
    // Read now, as the socket of an HTTP/2 session throws once that is over.
    const ends = endsOf(socket);
    if (!ends) {
      return UNWATCHED;
    }
    const peer: Peer = {
      ends,
      timeout,
      onSilent,
      name: undefined,
      untaken: undefined,
      changedAt: 0,
      lookedAt: 0,
    };
    this.#peers.add(peer);
    if (timeout / 2 < this.#interval) {
      this.#interval = timeout / 2;
      this.#schedule();
    }
    return {
      // By the looks alone, as a busy process may be late with one.
      isTaking: () => peer.lookedAt - peer.changedAt < timeout,
      stop: () => {
        this.#peers.delete(peer);
      },
    };
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isLooking) {
      this.#timer = setTimeout(() => void this.#look(), this.#interval).unref();
    }
  }

  async #look(): Promise<void> {
    // Not seen to when the last one leaves, as the next one may come at once.
    if (this.#peers.size === 0) {
      this.#interval = Infinity;
      return;
    }
    this.#isLooking = true;
    // Before the tables are read, so that none is held to have taken nothing for longer than it has.
    const now = performance.now();
    const backlogs = new Map<ConnectionName, Backlog>();
    for (const table of this.#tables) {
      await readTable(table, backlogs);
    }
    this.#isLooking = false;
    this.#tell(backlogs, now);
    this.#interval = Infinity;
    for (const { timeout } of this.#peers) {
      this.#interval = Math.min(this.#interval, timeout / 2);
    }
    if (this.#peers.size > 0) {
      this.#schedule();
    }
  }

  #tell(backlogs: ReadonlyMap<ConnectionName, Backlog>, now: number): void {
    for (const peer of this.#peers) {
      peer.name ??= connectionName(peer.ends);
      const { untaken, silence } = backlogs.get(peer.name) ?? NO_BACKLOG;
      peer.lookedAt = now;
      // It grows as well where something was taken: the system has room for more of a long write then.
      if (untaken !== peer.untaken) {
        peer.untaken = untaken;
        peer.changedAt = now;
      }
      if (peer.onSilent && silence >= peer.timeout) {
        this.#peers.delete(peer);
        peer.onSilent();
      }
    }
  }
}

async function readTable(path: string, found: Map<ConnectionName, Backlog>): Promise<void> {
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
      const rest = findBacklogs(buffer.subarray(0, end), found);
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
 * milliseconds. One that is only slow to read is none of those: its system answers. Tells as well whether it takes what
 * waits for it, which shows in nothing else for long: over the loopback, Linux has a socket drain a third of its buffer
 * before more can be written.
 *
 * On Linux alone: elsewhere, and for a Unix socket, it never calls back, and nothing is told.
 */
export function watchPeer(socket: Socket, timeout: number, onSilent?: () => void): WatchedPeer {
  return process.platform === 'linux' ? processWatch.watch(socket, timeout, onSilent) : UNWATCHED;
}
