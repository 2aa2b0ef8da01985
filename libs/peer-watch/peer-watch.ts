import { open, type FileHandle } from 'node:fs/promises';
import type { Socket } from 'node:net';
import {
  connectionName,
  findBacklogs,
  type Backlog,
  type ConnectionEnds,
  type ConnectionName,
} from './tcp-table.js';

/** Linux: the TCP connections in the network namespace of this process. */
const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];
/** More than one read returns (a page), plus the incomplete row of the previous read. */
const READ_LENGTH = 16 * 1024;

/** A watched connection. */
export interface WatchedPeer {
  /**
   * True if the peer may have received some of the waiting data within the last `timeout` milliseconds. Turns false up
   * to half of `timeout` late. Always false on systems other than Linux.
   */
  isTaking(): boolean;
  /** Stops watching. */
  stop(): void;
}

/** A single object without closures, because an application may watch thousands. */
class Peer implements WatchedPeer {
  /** Computed at the first check, because most connections are over by then. */
  name: ConnectionName | undefined;
  /** Bytes that waited for the peer at the last check; undefined before the first. */
  untaken: number | undefined;
  /** When the last change was seen, in milliseconds since the process started. */
  changedAt = 0;
  /** When the last check began, in the same unit. */
  lookedAt = 0;

  constructor(
    private readonly peers: Set<Peer>,
    readonly ends: ConnectionEnds,
    readonly timeout: number,
    readonly onSilent: (() => void) | undefined,
  ) {}

  isTaking(): boolean {
    // Compares checks, not the current time, because a busy process may check late.
    return this.lookedAt - this.changedAt < this.timeout;
  }

  stop(): void {
    this.peers.delete(this);
  }
}

const NO_BACKLOG: Backlog = { untaken: 0, silence: 0 };
const UNWATCHED: WatchedPeer = { isTaking: () => false, stop: () => undefined };

/**
 * Detects peers that vanished without a packet, e.g. a laptop that was closed. Nothing else reports them for about 15
 * minutes: the system accepts small writes such as heartbeats, and keeps retransmitting them. A slow peer is told apart
 * from one that receives nothing by comparing its unacknowledged bytes between two checks.
 *
 * Reads the connections of the system at most once per half `timeout`, and not at all while no peer is watched.
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

  /** See `watchPeer()`. */
  watch(socket: Socket, timeout: number, onSilent?: () => void): WatchedPeer {
    // Read now, because the socket of an HTTP/2 session throws after the session has ended.
    const ends = endsOf(socket);
    if (!ends) {
      return UNWATCHED;
    }
    const peer = new Peer(this.#peers, ends, timeout, onSilent);
    this.#peers.add(peer);
    if (timeout / 2 < this.#interval) {
      this.#interval = timeout / 2;
      this.#schedule();
    }
    return peer;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isLooking) {
      this.#timer = setTimeout(() => void this.#look(), this.#interval).unref();
    }
  }

  async #look(): Promise<void> {
    // Not reset in `stop()`, because the next peer may follow immediately.
    if (this.#peers.size === 0) {
      this.#interval = Infinity;
      return;
    }
    this.#isLooking = true;
    // Taken before the tables are read, so that the time without progress is never overestimated.
    const now = performance.now();
    const backlogs = new Map<ConnectionName, Backlog>();
    for (const table of this.#tables) {
      await readTable(table, backlogs);
    }
    this.#isLooking = false;
    this.#report(backlogs, now);
    this.#interval = Infinity;
    for (const { timeout } of this.#peers) {
      this.#interval = Math.min(this.#interval, timeout / 2);
    }
    if (this.#peers.size > 0) {
      this.#schedule();
    }
  }

  #report(backlogs: ReadonlyMap<ConnectionName, Backlog>, now: number): void {
    for (const peer of this.#peers) {
      peer.name ??= connectionName(peer.ends);
      const { untaken, silence } = backlogs.get(peer.name) ?? NO_BACKLOG;
      peer.lookedAt = now;
      // It also grows when the peer received something: the system then accepts more of a long write.
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
    // The table does not exist (no IPv6) or cannot be opened now (too many open files). The system's own time-out still
    // applies.
  } finally {
    await table?.close();
  }
}

function endsOf(socket: Socket): ConnectionEnds | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  // Undefined for Unix sockets and for closed ones.
  return localAddress && localPort && remoteAddress && remotePort
    ? { localAddress, localPort, remoteAddress, remotePort }
    : undefined;
}

const processWatch = new PeerWatch(TABLES);

/**
 * Calls `onSilent` once the peer has acknowledged nothing of the sent data for `timeout` milliseconds. This never
 * happens to a slow reader, because its system acknowledges. The result also tells if the peer is receiving waiting
 * data. Node cannot see that for a long time: over loopback, Linux drains a third of a socket's buffer before it
 * accepts more.
 *
 * Linux only. On other systems and for Unix sockets, never calls back, and `isTaking()` returns false.
 */
export function watchPeer(socket: Socket, timeout: number, onSilent?: () => void): WatchedPeer {
  return process.platform === 'linux' ? processWatch.watch(socket, timeout, onSilent) : UNWATCHED;
}
