import { Controller, Get } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { concat, NEVER, Observable, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ApiServerSentEventResponse,
  DisconnectSignal,
  NDJSONResponse,
  ServerSentEventResponse,
  type Response,
} from '../../src/index.js';
import { platforms, start } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { turn, until } from '../support/turn.js';

const CONNECTIONS = 1000;
const AT_ONCE = 50;
const PATHS = ['events', 'mapped', 'readable'];

const warnings: Error[] = [];
const onWarning = (warning: Error) => warnings.push(warning);
let open = 0;
let opened = 0;
let aborted = 0;
let emitter: EventEmitter;

beforeEach(() => {
  warnings.length = 0;
  open = 0;
  opened = 0;
  aborted = 0;
  emitter = new EventEmitter().setMaxListeners(0);
  process.on('warning', onWarning);
});
afterEach(() => {
  process.off('warning', onWarning);
});

/** A source that counts those who hold it, and sends one item. */
const counted = new Observable<string>((subscriber) => {
  open += 1;
  opened += 1;
  const listener = () => subscriber.next('more');
  emitter.on('more', listener);
  subscriber.next('first');
  return () => {
    open -= 1;
    emitter.off('more', listener);
  };
});

function countedReadable(): Readable {
  open += 1;
  opened += 1;
  const readable = new Readable({ objectMode: true, read: () => undefined });
  readable.push('first');
  return readable.once('close', () => {
    open -= 1;
  });
}

@Controller()
class LeaksController {
  @Get('events')
  events(@DisconnectSignal() signal: AbortSignal): Response {
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    return new ServerSentEventResponse(counted);
  }

  @Get('mapped')
  @ApiServerSentEventResponse({ type: String })
  mapped(@DisconnectSignal() signal: AbortSignal): Observable<string> {
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    return counted;
  }

  @Get('readable')
  readable(@DisconnectSignal() signal: AbortSignal): Response {
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    return new ServerSentEventResponse(countedReadable());
  }

  @Get('short')
  short(@DisconnectSignal() _signal: AbortSignal): Response {
    return new NDJSONResponse(['first'], { background: () => undefined });
  }

  @Get('quiet')
  quiet(): Response {
    return new NDJSONResponse(concat(of('first'), NEVER));
  }
}

/** How many handles and timers of each kind keep the process busy. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe.each(platforms)('on $name', (platform) => {
  it('1,000 closed connections leave no subscription, listener or timer behind', async () => {
    const { app, port } = await start(platform, { controllers: [LeaksController] });
    const server = app.getHttpServer() as Server;
    let connections = 0;
    server.on('connection', (socket: Socket) => {
      connections += 1;
      socket.once('close', () => {
        connections -= 1;
      });
    });
    let started = 0;
    const connect = async () => {
      const client = await RawClient.connect(port);
      client.request(`GET /${PATHS[started++ % PATHS.length]} HTTP/1.1`);
      await client.receive('first');
      client.leave();
    };
    // The first brings what is made once, e.g. the timers of the server.
    await connect();
    await until(() => connections === 0 && open === 0);
    const before = resources();
    for (let i = 1; i < CONNECTIONS; i += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, CONNECTIONS - i) }, connect));
    }
    await until(() => connections === 0);
    await turn();
    expect(opened).toBe(CONNECTIONS);
    expect(open).toBe(0);
    expect(aborted).toBe(CONNECTIONS);
    expect(emitter.listenerCount('more')).toBe(0);
    const after = resources();
    expect(after['Timeout'] ?? 0).toBeLessThanOrEqual(before['Timeout'] ?? 0);
    expect(after['TCPSocketWrap'] ?? 0).toBeLessThanOrEqual(before['TCPSocketWrap'] ?? 0);
    expect(warnings).toEqual([]);
  });

  it('many requests on one connection leave no listener on it', async () => {
    const { app, url } = await start(platform, { controllers: [LeaksController] });
    const sockets: Socket[] = [];
    (app.getHttpServer() as Server).on('connection', (socket: Socket) => sockets.push(socket));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const listeners = () =>
      Object.fromEntries(
        (sockets[0]?.eventNames() ?? []).map((name) => [name, sockets[0]?.listenerCount(name)]),
      );
    const request = async () => {
      const incoming = await new Promise<IncomingMessage>((resolve) => {
        get(`${url}/short`, { agent }, resolve);
      });
      await incoming.resume().toArray();
      await turn();
    };
    await request();
    const before = listeners();
    for (let i = 0; i < 100; i += 1) {
      await request();
    }
    expect(sockets).toHaveLength(1);
    expect(listeners()).toEqual(before);
    expect(warnings).toEqual([]);
    agent.destroy();
  });

  it('many requests that wait on one connection share one listener on it', async () => {
    const { app, port } = await start(platform, { controllers: [LeaksController] });
    const sockets: Socket[] = [];
    (app.getHttpServer() as Server).on('connection', (socket: Socket) => sockets.push(socket));
    const client = await RawClient.connect(port);
    client.request('GET /quiet HTTP/1.1');
    await client.receive('first');
    for (let i = 0; i < 20; i += 1) {
      client.request('GET /events HTTP/1.1');
    }
    await until(() => open === 20);
    expect(warnings).toEqual([]);
    client.leave();
    await until(() => open === 0);
    expect(aborted).toBe(20);
    expect(sockets[0]?.listenerCount('close')).toBeLessThan(5);
  });
});
