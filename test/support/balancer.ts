import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Passes connections on to one of several servers, as a load balancer does. */
export interface Balancer {
  readonly url: string;
  /** Sends new connections to the server at another port of the loopback, and drops the open ones. */
  switchTo(port: number): void;
}

/** Starts a balancer in front of the server at a port of the loopback. It is stopped when the test is done. */
export async function startBalancer(first: number): Promise<Balancer> {
  let target = first;
  const sockets = new Set<Socket>();
  const drop = () => sockets.forEach((socket) => socket.destroy());
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    drop();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switchTo: (port) => {
      target = port;
      drop();
    },
  };
}
