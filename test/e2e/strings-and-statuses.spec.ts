import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { describe, expect, it } from 'vitest';
import { ApiJSONResponse, JSONResponse, ResponseValidation } from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type RunningApplication } from '../support/platforms.js';
import { request } from '../support/request.js';

class Puppy {
  @ApiProperty()
  name!: string;
}

const ROW = { name: 'Fido', chip: 'secret' };

interface Reply {
  status(code: number): unknown;
}

@Controller()
class AnyController {
  // As swagger's plugin writes it.
  @Get('inferred')
  @ApiResponse({ status: 200, type: String })
  inferred() {
    return 'hello';
  }

  @Get('inferred/number')
  @ApiResponse({ status: 200, type: String })
  inferredNumber() {
    return 4;
  }

  @Get('described')
  @ApiOkResponse({ type: String, description: 'A greeting.' })
  described() {
    return 'hello';
  }

  @Get('ours')
  @ApiJSONResponse({ type: String })
  ours() {
    return 'hello';
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4')
  @ApiOkResponse({ type: String, description: 'The metrics.' })
  metrics() {
    return 'up 1\n';
  }

  @Get('xml')
  @Header('Content-Type', 'application/xml')
  @ApiOkResponse({ type: Puppy })
  xml() {
    return '<puppy/>';
  }

  @Get('csv')
  @Header('Content-Type', 'text/csv')
  @ApiOkResponse({ type: [Puppy] })
  csv() {
    return 'name\nFido\n';
  }

  @Get('hal')
  @Header('Content-Type', 'application/hal+json')
  @ApiOkResponse({ type: Puppy })
  hal() {
    return ROW;
  }

  /** An object is JSON, whatever a middleware or a header says, and is held to its declaration. */
  @Get('object')
  @Header('Content-Type', 'text/plain')
  @ApiOkResponse({ type: Puppy })
  object() {
    return ROW;
  }

  @Get('set/:status')
  @ApiOkResponse({ type: Puppy })
  @ApiNoContentResponse()
  @ApiResponse({ status: 203, description: 'No type.' })
  set(@Param('status') status: string, @Res({ passthrough: true }) reply: Reply) {
    reply.status(Number(status));
    return ROW;
  }

  @Get('covered/:status')
  @ApiOkResponse({ type: Puppy })
  @ApiResponse({ status: '2XX', type: Puppy })
  covered(@Param('status') status: string, @Res({ passthrough: true }) reply: Reply) {
    reply.status(Number(status));
    return ROW;
  }

  @Get('off/:status')
  @ResponseValidation('off')
  @ApiOkResponse({ type: Puppy })
  off(@Param('status') status: string, @Res({ passthrough: true }) reply: Reply) {
    reply.status(Number(status));
    return ROW;
  }

  @Get('response')
  @ApiOkResponse({ type: Puppy })
  response() {
    return new JSONResponse(ROW, { statusCode: 202 });
  }
}

describe.each(platforms)('A declared route on $name', (platform) => {
  async function serve(): Promise<RunningApplication & { logs: LogCollector }> {
    const logs = new LogCollector();
    const app = await start(platform, {
      controllers: [AnyController],
      configure: (nest) => nest.useLogger(logs),
    });
    return { ...app, logs };
  }

  it.each<[path: string, contentType: RegExp, body: string]>([
    ['inferred', /^text\/(html|plain); charset=utf-8$/, 'hello'],
    ['described', /^application\/json/, '"hello"'],
    ['ours', /^application\/json/, '"hello"'],
    ['metrics', /^text\/plain;.* ?version=0\.0\.4/, 'up 1\n'],
    ['xml', /^application\/xml/, '<puppy/>'],
    ['csv', /^text\/csv/, 'name\nFido\n'],
    ['hal', /^application\/(hal\+)?json/, '{"name":"Fido"}'],
    ['object', /./, '{"name":"Fido"}'],
  ])('answers /%s as %s', async (path, contentType, body) => {
    const { url } = await serve();
    const answer = await request(`${url}/${path}`);
    expect([answer.status, String(answer.body)]).toEqual([200, body]);
    expect(answer.headers['content-type']).toMatch(contentType);
  });

  it("warns once of a string that 'error' would send as JSON", async () => {
    const logs = new LogCollector();
    const { url } = await start(platform, {
      controllers: [AnyController],
      configure: (nest) => nest.useLogger(logs),
      responses: { validation: 'warn' },
    });
    for (const path of ['described', 'described', 'inferred', 'metrics', 'xml']) {
      await request(`${url}/${path}`);
    }
    expect(logs.entries).toEqual([
      expect.stringContaining(
        "GET /described: sends a string as text. With validation: 'error' it is JSON",
      ),
    ]);
  });

  it('rejects a value other than a string for an inferred String', async () => {
    const { url } = await serve();
    expect((await request(`${url}/inferred/number`)).status).toBe(500);
  });

  it('warns once for each route and undeclared status', async () => {
    const { url, logs } = await serve();
    for (const status of [200, 201, 202, 202, 203, 204]) {
      await request(`${url}/set/${status}`);
      await request(`${url}/covered/${status}`);
      await request(`${url}/off/${status}`);
    }
    await request(`${url}/response`);
    expect(logs.entries.map((entry) => entry.split(', which')[0])).toEqual(
      ['warn: GET /set/:status: answers 201', 'warn: GET /set/:status: answers 202'].map(
        (entry) => expect.stringContaining(entry) as string,
      ),
    );
    expect(logs.entries[0]).toContain('@ApiResponse({ status: 201, type: … })');
  });
});
