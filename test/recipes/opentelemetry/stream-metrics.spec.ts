import { Controller, Get } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { NDJSONResponse } from 'nestjs-responses';
import { concat, NEVER, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platforms, start } from '../../support/platforms.js';
import { RawClient } from '../../support/raw-client.js';
import { send } from '../../support/send.js';
import { StreamMetrics } from './stream-metrics.js';

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

/** Reads metrics on request. */
class TestReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}

  protected override async onForceFlush(): Promise<void> {}

  /**
   * Returns the values of all metrics, by name, route and reason. For a histogram, returns the number of its values.
   */
  async read(): Promise<Record<string, unknown>> {
    const { resourceMetrics } = await this.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return Object.fromEntries(
      all.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => [
          [descriptor.name, ...Object.values(attributes)].join(' '),
          typeof value === 'number' ? value : value.count,
        ]),
      ),
    );
  }
}

describe.each(platforms)('The recipe for OpenTelemetry on $name', (platform) => {
  let reader: TestReader;
  let provider: MeterProvider;

  beforeEach(() => {
    reader = new TestReader();
    provider = new MeterProvider({ readers: [reader] });
    metrics.setGlobalMeterProvider(provider);
  });
  afterEach(async () => {
    metrics.disable();
    await provider.shutdown();
  });

  const startMetrics = () =>
    start(platform, { controllers: [LinesController], providers: [StreamMetrics] });

  it('counts streams that have ended', async () => {
    const { url } = await startMetrics();
    await send(`${url}/lines`);
    await send(`${url}/lines`);
    expect(await reader.read()).toEqual({
      'streams.open GET /lines': 0,
      'streams.items GET /lines': 6,
      'streams.closed GET /lines end': 2,
      'streams.duration GET /lines': 2,
    });
  });

  it('counts streams that are open, their items, and why they were closed', async () => {
    const { port } = await startMetrics();
    const client = await RawClient.connect(port);
    client.request('GET /open/1 HTTP/1.1');
    await client.receive('"b"');
    expect(await reader.read()).toEqual({
      'streams.open GET /open/:id': 1,
      'streams.items GET /open/:id': 2,
    });
    client.leave();
    await expect
      .poll(() => reader.read(), { timeout: 20_000 })
      .toEqual({
        'streams.open GET /open/:id': 0,
        'streams.items GET /open/:id': 2,
        'streams.closed GET /open/:id client': 1,
        'streams.duration GET /open/:id': 1,
      });
  });
});
