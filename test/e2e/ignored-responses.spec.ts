import { Controller, Get, Next, Res } from '@nestjs/common';
import { Readable } from 'node:stream';
import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { JSONResponse, NDJSONResponse } from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start } from '../support/platforms.js';
import { request } from '../support/request.js';

interface Reply {
  send(body: unknown): unknown;
}

let lost: Readable;

@Controller()
class AnyController {
  @Get('sync')
  sync(@Res() reply: Reply) {
    setImmediate(() => reply.send('sent'));
    return new JSONResponse('lost');
  }

  @Get('async')
  async async(@Res() reply: Reply) {
    await Promise.resolve();
    setImmediate(() => reply.send('sent'));
    return new JSONResponse('lost');
  }

  @Get('stream')
  stream(@Res() reply: Reply) {
    setImmediate(() => reply.send('sent'));
    lost = new Readable({ objectMode: true, read: () => undefined });
    return new NDJSONResponse(lost);
  }

  @Get('next')
  next(@Res() reply: Reply, @Next() _next: () => void) {
    setImmediate(() => reply.send('sent'));
    return new NDJSONResponse(NEVER);
  }

  @Get('by-hand')
  byHand(@Res() reply: Reply) {
    return reply.send('sent');
  }

  @Get('passthrough')
  passthrough(@Res({ passthrough: true }) _reply: Reply) {
    return new JSONResponse('sent');
  }
}

describe.each(platforms)('A response that a handler with @Res() returns, on $name,', (platform) => {
  it.each([
    ['sync', 'AnyController.sync() returned a JSONResponse'],
    ['async', 'AnyController.async() returned a JSONResponse'],
    ['stream', 'AnyController.stream() returned a NDJSONResponse'],
    ['next', 'AnyController.next() returned a NDJSONResponse'],
  ])('is reported by /%s', async (path, message) => {
    const logs = new LogCollector();
    const { url } = await start(platform, {
      controllers: [AnyController],
      configure: (app) => app.useLogger(logs),
    });
    expect(String((await request(`${url}/${path}`)).body)).toBe('sent');
    expect(logs.entries).toEqual([expect.stringContaining(`error: ${message}, which is not sent`)]);
    expect(logs.entries[0]).toContain('@Res({ passthrough: true })');
  });

  it('releases its source', async () => {
    const { url } = await start(platform, { controllers: [AnyController] });
    await request(`${url}/stream`);
    expect(lost.destroyed).toBe(true);
  });

  it.each(['by-hand', 'passthrough'])('is not reported by /%s', async (path) => {
    const logs = new LogCollector();
    const { url } = await start(platform, {
      controllers: [AnyController],
      configure: (app) => app.useLogger(logs),
    });
    expect((await request(`${url}/${path}`)).status).toBe(200);
    expect(logs.entries).toEqual([]);
  });
});
