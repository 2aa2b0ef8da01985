import { endianness } from 'node:os';

/** A connection as named in the kernel's table: `local remote`, each `ADDRESS:PORT` in hexadecimal. */
export type ConnectionName = string;

const LINE_FEED = 0x0a;
const COLON = 0x3a;
const ZERO = 0x30;
/**
 * The kernel's table counts time in ticks of 10 milliseconds, regardless of its own clock. Source: proc(5), `USER_HZ`.
 */
const TICK = 10;
/** The number of hexadecimal digits in a `tx_queue`. */
const QUEUE_WIDTH = 8;

/** The unacknowledged data of a connection. */
export interface Backlog {
  /** Bytes that were passed to the system and that the peer has not acknowledged; more than 0. */
  readonly untaken: number;
  /**
   * How long the system has been retransmitting, in milliseconds. 0 for a peer that is only slow, because its system
   * acknowledges.
   */
  readonly silence: number;
}

/**
 * Finds the connections in `/proc/net/tcp` or `/proc/net/tcp6` that have unacknowledged data.
 *
 * @returns the offset of the first incomplete line
 */
export function findBacklogs(table: Buffer, found: Map<ConnectionName, Backlog>): number {
  let start = 0;
  for (;;) {
    const end = table.indexOf(LINE_FEED, start);
    if (end === -1) {
      return start;
    }
    // Checked on the bytes, because hardly any row of thousands has a backlog.
    if (hasBacklog(table, start, end)) {
      readRow(table.toString('latin1', start, end), found);
    }
    start = end + 1;
  }
}

/**
 * True if the `tx_queue` of a row is more than 0, in `sl: local remote st tx_queue:rx_queue tr:when retrnsmt …`.
 * Source: Linux, Documentation/networking/proc_net_tcp.rst.
 */
function hasBacklog(table: Buffer, start: number, end: number): boolean {
  const local = table.indexOf(COLON, start) + 2;
  // `ADDRESS:PORT` has 13 characters for IPv4 and 37 for IPv6.
  const width = table[local + 8] === COLON ? 13 : 37;
  const queue = local + 2 * (width + 1) + 'st '.length;
  if (queue + QUEUE_WIDTH >= end) {
    return false;
  }
  for (let digit = queue; digit < queue + QUEUE_WIDTH; digit += 1) {
    if (table[digit] !== ZERO) {
      return true;
    }
  }
  return false;
}

function readRow(row: string, found: Map<ConnectionName, Backlog>): void {
  const [, local, remote, , queues = '', timer = '', retransmissions = '', , , , , , rto = ''] = row
    .trim()
    .split(/ +/);
  const untaken = Number.parseInt(queues, 16);
  // `01` is the retransmission timer. The other timers run while the peer acknowledges, or if nothing was sent.
  const isRetransmitting = timer.startsWith('01');
  const count = isRetransmitting ? Number.parseInt(retransmissions, 16) : 0;
  const left = Number.parseInt(timer.slice(3), 16);
  const silence = silenceOf(count, Number(rto), left) * TICK;
  if (untaken > 0) {
    found.set(`${local} ${remote}`, { untaken, silence });
  }
}

/**
 * Returns the minimum time without an acknowledgement. The time-out doubles with each retransmission, up to 2 minutes,
 * so the earlier ones took `timeout - timeout / 2^count`. The current one has `left` to go. Source: RFC 6298, 5.5.
 */
function silenceOf(count: number, timeout: number, left: number): number {
  return count > 0 ? timeout - timeout / 2 ** count + Math.max(timeout - left, 0) : 0;
}

/** The two ends of a connection. An IPv6 address may have a zone. */
export interface ConnectionEnds {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Returns the name of a connection in the tables. */
export function connectionName(ends: ConnectionEnds): ConnectionName {
  const { localAddress, localPort, remoteAddress, remotePort } = ends;
  return `${endName(localAddress, localPort)} ${endName(remoteAddress, remotePort)}`;
}

function endName(address: string, port: number): string {
  const bytes = address.includes(':') ? bytesOfIPv6(address) : bytesOfIPv4(address);
  // The kernel writes each four bytes as one number, in the byte order of the machine.
  const name = endianness() === 'LE' ? Buffer.from(bytes).swap32() : Buffer.from(bytes);
  const portName = port.toString(16).padStart(4, '0');
  return `${name.toString('hex')}:${portName}`.toUpperCase();
}

function bytesOfIPv4(address: string): number[] {
  return address.split('.').map(Number);
}

function bytesOfIPv6(address: string): number[] {
  const [text = ''] = address.split('%');
  const [head = '', tail] = text.split('::');
  const before = bytesOfGroups(head);
  const after = bytesOfGroups(tail ?? '');
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after];
}

function bytesOfGroups(text: string): number[] {
  const groups = text === '' ? [] : text.split(':');
  return groups.flatMap((group) => {
    // E.g. `::ffff:127.0.0.1`, an IPv4 client of a server that listens on both.
    if (group.includes('.')) {
      return bytesOfIPv4(group);
    }
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}
