import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** Runs in a separate process, so that the memory of clients is not counted as the server's. */
const SCRIPT = `
  const net = require('node:net');
  const [port, count, bytes] = process.argv.slice(1).map(Number);
  let reading = count;
  // An unread socket does not keep a process alive.
  setInterval(() => undefined, 2 ** 30);
  for (let i = 0; i < count; i++) {
    let received = 0;
    const socket = net.connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'));
    socket.on('data', (chunk) => {
      received += chunk.length;
      socket.pause();
      if (received < bytes) setImmediate(() => socket.resume());
      else if (--reading === 0) process.stdout.write('stalled');
    });
  }
`;

/**
 * Opens connections that each read some bytes of a GET of the root, chunk by chunk, and then stop reading.
 *
 * @returns a function that disconnects all of them, once all have read
 */
export async function slowReaders(
  port: number,
  count: number,
  bytes: number,
): Promise<() => Promise<void>> {
  const child = spawn(
    process.execPath,
    ['-e', SCRIPT, String(port), String(count), String(bytes)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill());
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}
