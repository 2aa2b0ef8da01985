import { Controller, Get } from '@nestjs/common';
import { NDJSONResponse } from 'nestjs-responses';
import { concat, NEVER, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { platforms, start } from '../../support/platforms.js';
import { RawClient } from '../../support/raw-client.js';
import { send } from '../../support/send.js';
import { MetricsModule } from './stream-metrics.js';

@Controller()
class LinesController {
  @Get('lines')
  lines() {
    return new NDJSONResponse(['a', 'b', 'c']);
  }

  @Get('open/:id')
  open() {
    return new NDJSONResponse(concat(of('a', 'b'), NEVER));
  }
}

describe.each(platforms)('The recipe for Prometheus on $name', (platform) => {
  const startMetrics = () =>
    start(platform, { controllers: [LinesController], imports: [MetricsModule] });

  it('counts streams that have ended', async () => {
    const { url } = await startMetrics();
    await send(`${url}/lines`);
    await send(`${url}/lines`);
    const { headers, body } = await send(`${url}/metrics`);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body.split('\n')).toEqual(
      expect.arrayContaining([
        'stream_items_total{route="GET /lines"} 6',
        'streams_closed_total{route="GET /lines",reason="end"} 2',
        'stream_duration_seconds_bucket{le="1",route="GET /lines"} 2',
      ]),
    );
    expect(body).not.toContain('streams_open{');
  });

  it('counts streams that are open, their items, and why they were closed', async () => {
    const { url, port } = await startMetrics();
    const client = await RawClient.connect(port);
    client.request('GET /open/1 HTTP/1.1');
    await client.receive('"b"');
    const open = (await send(`${url}/metrics`)).body.split('\n');
    expect(open).toContain('streams_open{route="GET /open/:id"} 1');
    expect(open).toContain('stream_items_total{route="GET /open/:id"} 2');
    client.leave();
    await expect
      .poll(async () => (await send(`${url}/metrics`)).body.split('\n'), { timeout: 20_000 })
      .toContain('streams_closed_total{route="GET /open/:id",reason="client"} 1');
    const { body } = await send(`${url}/metrics`);
    expect(body.split('\n')).toContain('stream_items_total{route="GET /open/:id"} 2');
    expect(body).not.toContain('streams_open{');
  });
});
