import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Request, Response } from 'express';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
  type RequestListener,
} from 'node:http';
import { get } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ExpressApplication } from '../../libs/express-messages/index.js';
import { JSONResponse, PlainTextResponse, ResponsesModule } from '../../src/index.js';
import { buildProgram } from '../support/build-program.js';
import { makeCertificate } from '../support/certificate.js';
import { platforms, type Platform } from '../support/platforms.js';
import { RawClient } from '../support/raw-client.js';
import { request } from '../support/request.js';
import { serve } from '../support/serve.js';

/** The Express of the adapter, which may have one of its own. */
const express = createRequire(createRequire(import.meta.url).resolve('@nestjs/platform-express'))(
  'express',
) as typeof import('express');

/** Whose types leave out what its requests and responses inherit from. */
type Application = import('express').Application & ExpressApplication;

function instanceOf(app: INestApplication): Application {
  return app.getHttpAdapter().getInstance() as Application;
}

const Express = platforms.find(({ name }) => name === 'Express') as Platform;

it('share their shapes in the engine', async () => {
  const program = await buildProgram('test/e2e/express-messages.program.ts');
  onTestFinished(() => program.remove());
  const log = `${program.file}.log`;
  await promisify(execFile)(process.execPath, [
    '--log-maps',
    '--no-logfile-per-isolate',
    `--logfile=${log}`,
    program.file,
  ]);
  // The engine creates a shape for each added property, here one that Express adds to each of 100 requests.
  const shapes = (await readFile(log, 'latin1')).match(/^map,Transition,.*,originalUrl$/gm);
  expect(shapes?.length).toBeLessThan(5);
});

it('have the prototypes of Express', async () => {
  const { app, url } = await serve(Express, (message) => {
    const request = message as Request;
    const { res } = request;
    return new JSONResponse({
      request: Object.getPrototypeOf(request) === (request.app as Application).request,
      response: Object.getPrototypeOf(res) === (request.app as Application).response,
      names: [request.constructor.name, res?.constructor.name],
      isNode: request instanceof IncomingMessage && res instanceof ServerResponse,
      isExpress: express.request.isPrototypeOf(request) && express.response.isPrototypeOf(res!),
      isApplication: request.app === app.getHttpAdapter().getInstance(),
    });
  });
  const { body } = await request(url);
  expect(JSON.parse(body.toString())).toEqual({
    request: true,
    response: true,
    names: ['IncomingMessage', 'ServerResponse'],
    isNode: true,
    isExpress: true,
    isApplication: true,
  });
});

it.each(['before', 'after'])(
  'inherit additions to the prototypes of the application %s it listens',
  async (moment) => {
    const extend = (app: INestApplication) => {
      const { request, response } = instanceOf(app);
      Object.assign(request, { greet: () => 'hello' });
      Object.assign(response, { bow: () => 'low' });
    };
    const { app, url } = await serve(
      Express,
      (message) => {
        const request = message as Request & { greet(): string };
        const response = request.res as Response & { bow(): string };
        return new PlainTextResponse(`${request.greet()} ${response.bow()}`);
      },
      { configure: (it) => moment === 'before' && extend(it) },
    );
    if (moment === 'after') {
      extend(app);
    }
    expect((await request(url)).body.toString()).toBe('hello low');
  },
);

it('are used by mounted applications, and inherit from those of the outer one', async () => {
  const mounted = express() as Application;
  mounted.get('/', (inner: Request & { greet?(): string }, response: Response) => {
    response.send(`${Object.getPrototypeOf(inner) === mounted.request} ${inner.greet?.()}`);
  });
  const { app, url } = await serve(Express, () => new PlainTextResponse('outer'), {
    configure: (outer) => outer.use('/mounted', mounted),
  });
  Object.assign(instanceOf(app).request, { greet: () => 'hello' });
  expect((await request(`${url}/mounted`)).body.toString()).toBe('true hello');
  expect((await request(url)).body.toString()).toBe('outer');
});

it('belong to an application that is mounted once it is initialized', async () => {
  const { app } = await serve(Express, (message) => {
    const { app: own, ip } = message as Request;
    return new JSONResponse({ isOwn: own === instanceOf(app), ip });
  });
  instanceOf(app).set('trust proxy', true);
  const outer = express().use('/mounted', instanceOf(app));
  const server = outer.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { body } = await request(`http://127.0.0.1:${port}/mounted`, {
    headers: { 'X-Forwarded-For': '192.0.2.1' },
  });
  expect(JSON.parse(body.toString())).toEqual({ isOwn: true, ip: '192.0.2.1' });
});

describe("are Node's own messages for", () => {
  const isNodes = (message: IncomingMessage, response?: ServerResponse) => {
    // Of what Express makes of a request, `query` cannot be set.
    Object.assign(message, { query: 'set' });
    return (
      Object.getPrototypeOf(message) === IncomingMessage.prototype &&
      (!response || Object.getPrototypeOf(response) === ServerResponse.prototype)
    );
  };

  it('another listener of requests', async () => {
    const { app, url } = await serve(Express, () => new PlainTextResponse('from Express'));
    const server: Server = app.getHttpServer();
    const [listener] = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (message, response) => {
      if (message.url === '/other') {
        response.end(String(isNodes(message, response)));
      } else {
        listener?.(message, response);
      }
    });
    expect((await request(`${url}/other`)).body.toString()).toBe('true');
    expect((await request(url)).body.toString()).toBe('from Express');
  });

  it('listeners for upgrades', async () => {
    const { app, port } = await serve(Express, () => new PlainTextResponse('no upgrade'));
    const server: Server = app.getHttpServer();
    server.on('upgrade', (upgraded, socket) => {
      socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\nplain: ${isNodes(upgraded)}`);
    });
    const client = await RawClient.connect(port);
    client.request('GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: anything');
    await client.receive('plain: ');
    expect(client.received).toContain('plain: true');
  });

  it('listeners for Expect headers', async () => {
    const { app, url } = await serve(Express, () => new PlainTextResponse('from Express'));
    const server: Server = app.getHttpServer();
    server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => {
      response.setHeader('X-Plain', String(isNodes(message, response)));
      server.emit('request', message, response);
    });
    const { headers, body } = await request(url, { headers: { Expect: '100-continue' } });
    expect(headers['x-plain']).toBe('true');
    expect(body.toString()).toBe('from Express');
  });
});

it('are passed to a replaced emit() at any time', async () => {
  const { url } = await serve(Express, () => new PlainTextResponse('hello'));
  const emit = vi.spyOn(Server.prototype, 'emit');
  onTestFinished(() => emit.mockRestore());
  await request(url);
  expect(emit).toHaveBeenCalledWith('request', expect.any(IncomingMessage), expect.anything());
});

class ServerlessAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    // Whoever starts it calls the listener.
  }
}

/** An Express application behind a listener that shows nothing of it but what Nest calls. */
function wrap(inner: Application): unknown {
  const listener: RequestListener = (message, response) => void inner(message, response);
  return Object.assign(listener, {
    use: inner.use.bind(inner),
    get: inner.get.bind(inner),
    set: inner.set.bind(inner),
  });
}

it.each([
  { what: 'server', adapter: new ServerlessAdapter() },
  { what: 'Express application', adapter: new ExpressAdapter(wrap(express() as Application)) },
])('are unchanged if the adapter has no $what', async ({ adapter }) => {
  const module = await Test.createTestingModule({ imports: [ResponsesModule] }).compile();
  const app = module.createNestApplication(adapter, { logger: false });
  await expect(app.init()).resolves.toBe(app);
});

class OwnRequest extends IncomingMessage {}

class OwnRequestAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.httpServer = createServer({ IncomingMessage: OwnRequest }, this.getInstance());
  }
}

class OwnEmitAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.httpServer = createServer(this.getInstance());
    vi.spyOn(this.httpServer, 'emit');
  }
}

it.each([
  { what: 'a class of requests', Adapter: OwnRequestAdapter },
  { what: 'an emit()', Adapter: OwnEmitAdapter },
])('are unchanged if the server has its own $what', async ({ Adapter }) => {
  const instance = express() as Application;
  const { request: before } = instance;
  const adapter = new Adapter(instance);
  const { url } = await serve(Express, () => new PlainTextResponse('hello'), { adapter });
  expect((await request(url)).body.toString()).toBe('hello');
  expect(instance.request).toBe(before);
});

it('are unchanged by a custom event of the application', async () => {
  const { app, url } = await serve(Express, (message) => {
    app.getHttpServer().emit('audit', message);
    return new PlainTextResponse((message as Request).get('X-Name') ?? '');
  });
  const { body } = await request(url, { headers: { 'X-Name': 'Ada' } });
  expect(body.toString()).toBe('Ada');
});

it('belong to the application over TLS too, and if it has two servers', async () => {
  const instance = express() as Application;
  const isOwn = (message: IncomingMessage) =>
    new PlainTextResponse(String(Object.getPrototypeOf(message) === instance.request));
  const plain = await serve(Express, isOwn, { adapter: new ExpressAdapter(instance) });
  const { key, cert } = await makeCertificate();
  const secure = await serve(Express, isOwn, {
    adapter: new ExpressAdapter(instance),
    application: { httpsOptions: { key, cert } },
  });
  const [overTLS] = (await once(
    get({ port: secure.port, host: '127.0.0.1', ca: cert }),
    'response',
  )) as [IncomingMessage];
  expect(await text(overTLS)).toBe('true');
  expect((await request(plain.url)).body.toString()).toBe('true');
});
