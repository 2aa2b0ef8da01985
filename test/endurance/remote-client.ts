import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Requests a path, reports that the body has begun, and receives forever. */
const SCRIPTS = {
  'HTTP/1.1': `
    const [host, port, path] = process.argv.slice(1);
    const head = 'GET ' + path + ' HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n';
    const socket = require('node:net').connect(port, host, () => socket.write(head));
    let received = '';
    const begin = (data) => {
      received += data;
      if (/\\r\\n\\r\\n./.test(received)) {
        process.stdout.write('begun');
        socket.off('data', begin).resume();
      }
    };
    socket.on('data', begin);
  `,
  'HTTP/2': `
    const [host, port, path] = process.argv.slice(1);
    const session = require('node:http2').connect('http://' + host + ':' + port);
    const stream = session.request({ ':path': path });
    stream.once('data', () => process.stdout.write('begun')).resume();
  `,
};

export interface Destination {
  /** @default 'HTTP/1.1' */
  readonly protocol?: keyof typeof SCRIPTS;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/**
 * Starts a client in a separate process.
 *
 * @param launcher a command with arguments that starts Node
 * @returns once the body has begun
 */
export async function startRemoteClient(
  { protocol = 'HTTP/1.1', host, port, path }: Destination,
  launcher: readonly string[] = [],
): Promise<ChildProcess> {
  const script = SCRIPTS[protocol];
  const [command, ...rest] = [...launcher, process.execPath, '-e', script];
  const child = spawn(command, [...rest, host, String(port), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}
