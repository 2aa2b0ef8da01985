import { once, setMaxListeners } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The number of connections that are opened at the same time. Less than the backlog of a server, 511. */
const BATCH = 100;
/** The time after which opening a batch fails, in milliseconds. */
const TIMEOUT = 30_000;

/** Opens connections to a port, and keeps the answer of each one open. Throws if an answer is not a 200. */
export async function openStreams(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const length = Math.min(BATCH, count - sockets.length);
    const signal = AbortSignal.timeout(TIMEOUT);
    setMaxListeners(length * 2, signal);
    sockets.push(...(await Promise.all(Array.from({ length }, () => openStream(port, signal)))));
  }
  return sockets;
}

async function openStream(port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n');
  const [head] = (await once(socket, 'data', { signal })) as [Buffer];
  if (!head.toString().startsWith('HTTP/1.1 200 ')) {
    throw new Error(`A stream was answered with ${head.toString()}`);
  }
  // Later data, e.g. heartbeats, is read and ignored.
  return socket.resume();
}
