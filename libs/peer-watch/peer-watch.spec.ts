import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../../test/support/turn.js';
import { folder } from '../../test/support/folder.js';
import { PeerWatch } from './peer-watch.js';
import { connectionName } from './tcp-table.js';

let table: string;
let watch: PeerWatch;

async function setUp(): Promise<void> {
  table = join(await folder(), 'tcp');
  watch = new PeerWatch([`${table}-missing`, table]);
}

afterEach(() => {
  vi.useRealTimers();
});

/** Opens a connection and returns the server's end. */
async function connection(path?: string): Promise<Socket> {
  const server = createServer().listen(path ?? 0);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const client = connect(path ? { path } : { port: (server.address() as AddressInfo).port });
  onTestFinished(() => void client.destroy());
  const [socket] = (await once(server, 'connection')) as [Socket];
  return socket;
}

/** Writes a table in which this many bytes wait for a connection whose peer acknowledges. */
async function tellUntaken(socket: Socket, bytes: number): Promise<void> {
  const name = connectionName(socket as Parameters<typeof connectionName>[0]);
  const queue = bytes.toString(16).padStart(8, '0');
  await writeFile(
    table,
    `0: ${name} 01 ${queue}:00000000 04:00000012 00000000 0 0 1 2 0 20 4 0 1 -1\n`,
  );
}

/** Writes a table in which these connections have been silent for this many milliseconds. */
async function tell(milliseconds: number, ...sockets: Socket[]): Promise<void> {
  const rto = milliseconds / 10;
  const left = Math.round(rto / 2)
    .toString(16)
    .padStart(8, '0');
  const rows = sockets.map((socket, i) => {
    const name = connectionName(socket as Parameters<typeof connectionName>[0]);
    return `${i}: ${name} 01 00000001:00000000 01:${left} 00000001 0 0 1 2 0 ${rto} 0 0 1 -1\n`;
  });
  await writeFile(table, rows.join(''));
}

describe('a connection with a silent peer', () => {
  it('is reported once, and no other is', async () => {
    await setUp();
    const [silent, other] = [await connection(), await connection()];
    await tell(20, silent);
    const told: string[] = [];
    watch.watch(other, 10, () => told.push('other'));
    await new Promise<void>((resolve) => {
      watch.watch(silent, 10, () => {
        told.push('silent');
        resolve();
      });
    });
    await new Promise<void>((resolve) => {
      void tell(20, silent, other);
      watch.watch(other, 10, resolve);
    });
    expect(told).toEqual(['silent', 'other']);
  });

  it('is reported after it has been silent for the timeout', async () => {
    await setUp();
    const [patient, other] = [await connection(), await connection()];
    await tell(20, patient, other);
    const onSilent = vi.fn<() => void>();
    watch.watch(patient, 40, onSilent);
    await new Promise<void>((resolve) => {
      watch.watch(other, 20, resolve);
    });
    expect(onSilent).not.toHaveBeenCalled();
    await new Promise<void>((resolve) => {
      void tell(40, patient);
      onSilent.mockImplementation(resolve);
    });
  });

  it('is not reported after the watch has ended, and is again in a new watch', async () => {
    await setUp();
    const socket = await connection();
    await tell(20, socket);
    const onSilent = vi.fn<() => void>();
    const watched = watch.watch(socket, 10, onSilent);
    watched.stop();
    watched.stop();
    await new Promise<void>((resolve) => {
      watch.watch(socket, 10, resolve);
    });
    expect(onSilent).not.toHaveBeenCalled();
  });

  it('is reported by each of its watches', async () => {
    await setUp();
    const socket = await connection();
    await tell(20, socket);
    const told: number[] = [];
    await Promise.all(
      [10, 20].map(
        (timeout) =>
          new Promise<void>((resolve) => {
            watch.watch(socket, timeout, () => resolve(void told.push(timeout)));
          }),
      ),
    );
    expect(new Set(told)).toEqual(new Set([10, 20]));
  });
});

describe('a connection with a reading peer', () => {
  it.each([
    ['less waits for it', 900],
    ['more waits for it, as there was room for more', 1100],
    ['nothing waits for it', 0],
  ])('is receiving once %s, until that stops changing', async (_, bytes) => {
    await setUp();
    const socket = await connection();
    await tellUntaken(socket, 1000);
    const watched = watch.watch(socket, 10);
    await until(() => !watched.isTaking());
    await tellUntaken(socket, bytes);
    await until(() => watched.isTaking());
    await until(() => !watched.isTaking());
    expect(watched.isTaking()).toBe(false);
    watched.stop();
  });

  it('counts as receiving before the first check', async () => {
    await setUp();
    const watched = watch.watch(await connection(), 10);
    expect(watched.isTaking()).toBe(true);
    watched.stop();
  });

  it('never counts as receiving on systems without this information', async () => {
    await setUp();
    expect(watch.watch(await connection(`${table}.sock`), 10).isTaking()).toBe(false);
  });
});

it('no timer runs while nothing is watched, e.g. for a Unix socket', async () => {
  await setUp();
  const [socket, unixSocket] = [await connection(), await connection(`${table}.sock`)];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  watch.watch(unixSocket, 10, () => undefined);
  expect(vi.getTimerCount()).toBe(0);
  const watches = [10, 5, 20].map((timeout) => watch.watch(socket, timeout, () => undefined));
  expect(vi.getTimerCount()).toBe(1);
  watches.forEach((watched) => watched.stop());
  vi.advanceTimersByTime(2.5);
  expect(vi.getTimerCount()).toBe(0);
});
