import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A raw connection, which sends text as is and records what it receives, byte by byte. */
export class RawClient {
  /** The received bytes as Latin-1, one character per byte. */
  received = '';
  /** Resolves with the end of the connection: proper, or reset. */
  readonly ended: Promise<'end' | 'reset'>;
  readonly #waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
      this.#waiting.forEach((check) => check());
    });
    this.ended = new Promise((resolve) => {
      socket.on('end', () => resolve('end'));
      socket.on('error', () => resolve('reset'));
    });
    onTestFinished(() => void socket.destroy());
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RawClient(socket);
    await new Promise((resolve) => {
      socket.once('connect', resolve);
    });
    return client;
  }

  /** Sends the head of a request: its lines, and the empty line. */
  request(line: string, ...headers: string[]): void {
    this.socket.write([line, 'Host: localhost', ...headers, '', ''].join('\r\n'));
  }

  /** Resolves once the text has been received. */
  async receive(text: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const check = () => {
        if (this.received.includes(text)) {
          this.#waiting.delete(check);
          resolve();
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Destroys the connection. */
  leave(): void {
    this.socket.destroy();
  }
}
