import fc from 'fast-check';
import { endianness } from 'node:os';
import { describe, expect, it } from 'vitest';
import { connectionName, findBacklogs, type Backlog } from './tcp-table.js';

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
/** The table of Linux 6.18 for a connection whose client received nothing for 9 seconds. */
const SILENT =
  '   1: 0100000A:1E61 0200000A:EC28 01 0000001E:00000000 01:000001C1 00000005     0        0 920407 2 000000000f7124eb 652 0 0 1 -1';
const SILENT_IPV6 =
  '12345: 000000FD000000000000000001000000:1E61 000000FD000000000000000002000000:A27C 01 0000001E:00000000 01:000001C1 00000005     0        0 920409 2 000000009a4e4112 652 0 0 1 -1';
const LISTENING =
  '   0: 00000000:1E61 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 920389 1 00000000c2f737ef 100 0 0 10 0';

function find(text: string): [found: Record<string, Backlog>, rest: number] {
  const found = new Map<string, Backlog>();
  const rest = findBacklogs(Buffer.from(text), found);
  return [Object.fromEntries(found), rest];
}

function table(...rows: string[]): string {
  return [HEADER, ...rows, ''].join('\n');
}

describe('a table of connections', () => {
  it.each([
    ['IPv4', SILENT, '0100000A:1E61 0200000A:EC28'],
    [
      'IPv6',
      SILENT_IPV6,
      '000000FD000000000000000001000000:1E61 000000FD000000000000000002000000:A27C',
    ],
  ])('shows how long a client was silent: %s', (_family, row, name) => {
    const text = table(LISTENING, row, LISTENING);
    expect(find(text)).toEqual([{ [name]: { untaken: 30, silence: 8346.25 } }, text.length]);
  });

  it.each([
    ['sends nothing', '00:00000000', '00000000'],
    ['waits for its first answer', '01:00000012', '00000000'],
    ['is probed, as its client does not read', '04:00000012', '00000005'],
    ['is kept alive', '02:000001C1', '00000005'],
  ])('shows no silence for a connection that %s', (_what, timer, retransmissions) => {
    const row = SILENT.replace('01:000001C1 00000005', `${timer} ${retransmissions}`);
    expect(Object.values(find(table(row))[0])).toEqual([{ untaken: 30, silence: 0 }]);
  });

  it.each([
    ['00000000', []],
    ['00000001', [1]],
    ['00281400', [2_626_560]],
    ['80000000', [2 ** 31]],
    ['FFFFFFFF', [2 ** 32 - 1]],
  ])('shows how many bytes wait for a client: %s', (queue, untaken) => {
    for (const row of [SILENT, SILENT_IPV6]) {
      const backlogs = Object.values(find(table(row.replace('0000001E', queue)))[0]);
      expect(backlogs.map((backlog) => backlog.untaken)).toEqual(untaken);
    }
  });

  it.each([
    ['once', '652', '0000028C', '00000001', 3260],
    ['twice', '652', '0000028C', '00000002', 4890],
    ['up to the longest time-out', '12000', '00000000', '0000000F', 239_996],
    ['with a timer that is late', '652', 'FFFFFFFF', '00000001', 3260],
  ])('includes the time before a retransmission: %s', (_what, rto, left, count, silence) => {
    const row = SILENT.replace('01:000001C1 00000005', `01:${left} ${count}`).replace(
      ' 652 ',
      ` ${rto} `,
    );
    expect(Math.round(Object.values(find(table(row))[0])[0]?.silence ?? 0)).toBe(silence);
  });

  it('is read up to the last complete row, wherever it is cut', () => {
    const text = table(LISTENING, SILENT);
    for (let end = 0; end < text.length; end++) {
      const [found, rest] = find(text.slice(0, end));
      expect(found).toEqual({});
      expect(rest).toBe(text.lastIndexOf('\n', end - 1) + 1);
    }
  });

  it('is read without errors, even if it contains anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(':', ' ', '\n', '0', '1', 'A') }), (text) => {
        expect(find(text)[1]).toBe(text.lastIndexOf('\n') + 1);
      }),
    );
  });
});

describe.runIf(endianness() === 'LE')('the name of a connection', () => {
  it.each([
    ['127.0.0.1', '0100007F'],
    ['::1', '00000000000000000000000001000000'],
    ['::', '00000000000000000000000000000000'],
    ['::ffff:10.0.0.1', '0000000000000000FFFF00000100000A'],
    ['fe80::1%eth0', '000080FE000000000000000001000000'],
    ['2001:db8:1:2:3:4:5:6', 'B80D0120020001000400030006000500'],
  ])('matches the table for %s', (address, name) => {
    const ends = {
      localAddress: address,
      localPort: 80,
      remoteAddress: address,
      remotePort: 65_535,
    };
    expect(connectionName(ends)).toBe(`${name}:0050 ${name}:FFFF`);
  });

  it('is the same for all spellings of an IPv6 address', () => {
    const groups = fc.array(fc.constantFrom(0, 1, 0xfd00, 0xffff), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (numbers) => {
        const long = numbers.map((number) => number.toString(16)).join(':');
        const short = new URL(`http://[${long}]`).hostname.slice(1, -1);
        const name = (localAddress: string) =>
          connectionName({ localAddress, localPort: 1, remoteAddress: '::', remotePort: 1 });
        expect(name(short)).toBe(name(long));
      }),
    );
  });
});
