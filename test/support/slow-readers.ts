import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** Runs in a process of its own, so that what clients hold is not counted as the server's. */
const SCRIPT = `
  const net = require('node:net');
  const [port, count, bytes] = process.argv.slice(1).map(Number);
  let reading = count;
  // A socket that is not read keeps no process.
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
 * Opens connections that each read some bytes of the answer to a GET of the root, piece by piece, and then nothing more.
 *
 * @returns once all of them have, with what has them all leave.
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
