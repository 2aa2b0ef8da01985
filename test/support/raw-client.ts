import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A bare connection, which sends what it is told and keeps what it receives, byte for byte. */
export class RawClient {
  /** What was received, as Latin-1: one character a byte. */
  received = '';
  /** Settles with how the connection ended: by a proper end, or reset. */
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

  /** Sends the head of a request: its lines, and the empty one. */
  request(line: string, ...headers: string[]): void {
    this.socket.write([line, 'Host: localhost', ...headers, '', ''].join('\r\n'));
  }

  /** Settles once the text has been received. */
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

  /** Leaves without a word. */
  leave(): void {
    this.socket.destroy();
  }
}
