import { endianness } from 'node:os';

/** A connection as a row of the kernel's table names it: `local remote`, each `ADDRESS:PORT` in hexadecimal. */
export type ConnectionName = string;

const LINE_FEED = 0x0a;
const COLON = 0x3a;
const ZERO = 0x30;
/** The kernel tells times in ticks of 10 milliseconds, whatever its own clock. Source: proc(5), `USER_HZ`. */
const TICK = 10;
/** Hexadecimal digits of a `tx_queue`. */
const QUEUE_WIDTH = 8;

/** What a connection waits for. */
export interface Backlog {
  /** What was handed to the system and the other side has not acknowledged, in bytes; more than 0. */
  readonly untaken: number;
  /**
   * For how many milliseconds what was sent has been sent again and again. That is 0 where the other side is only slow,
   * as its system answers.
   */
  readonly silence: number;
}

/**
 * Finds the connections of `/proc/net/tcp` or `/proc/net/tcp6` whose other side has yet to acknowledge something.
 *
 * @returns where the first line begins that is not whole.
 */
export function findBacklogs(table: Buffer, found: Map<ConnectionName, Backlog>): number {
  let start = 0;
  for (;;) {
    const end = table.indexOf(LINE_FEED, start);
    if (end === -1) {
      return start;
    }
    // Told from the bytes, as next to no row of thousands is of interest.
    if (hasBacklog(table, start, end)) {
      readRow(table.toString('latin1', start, end), found);
    }
    start = end + 1;
  }
}

/**
 * Whether the `tx_queue` of a row is more than 0, in
 * `sl: local remote st tx_queue:rx_queue tr:when retrnsmt …`. Source: Linux, Documentation/networking/proc_net_tcp.rst.
 */
function hasBacklog(table: Buffer, start: number, end: number): boolean {
  const local = table.indexOf(COLON, start) + 2;
  // `ADDRESS:PORT` is of 13 characters, or of 37.
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
  // `01` is the timer of a retransmission; the others run where the other side answers, or nothing was sent.
  const isRetransmitting = timer.startsWith('01');
  const count = isRetransmitting ? Number.parseInt(retransmissions, 16) : 0;
  const left = Number.parseInt(timer.slice(3), 16);
  const silence = silenceOf(count, Number(rto), left) * TICK;
  if (untaken > 0) {
    found.set(`${local} ${remote}`, { untaken, silence });
  }
}

/**
 * For how long, at least, nothing was acknowledged. The time-out doubles with each retransmission, up to 2 minutes, so
 * that those before took `timeout - timeout / 2^count`; of the one that runs, `left` is left. Source: RFC 6298, 5.5.
 */
function silenceOf(count: number, timeout: number, left: number): number {
  return count > 0 ? timeout - timeout / 2 ** count + Math.max(timeout - left, 0) : 0;
}

/** The two ends of a connection. An address of IPv6 may have a zone. */
export interface ConnectionEnds {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** How the tables name a connection. */
export function connectionName(ends: ConnectionEnds): ConnectionName {
  const { localAddress, localPort, remoteAddress, remotePort } = ends;
  return `${endName(localAddress, localPort)} ${endName(remoteAddress, remotePort)}`;
}

function endName(address: string, port: number): string {
  const bytes = address.includes(':') ? bytesOfIPv6(address) : bytesOfIPv4(address);
  // Four bytes at a time are a number to the kernel, in the order of the machine.
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
    // e.g. `::ffff:127.0.0.1`, an IPv4 client of a server that listens on both.
    if (group.includes('.')) {
      return bytesOfIPv4(group);
    }
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}
