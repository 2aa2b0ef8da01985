import { describe, expect, it } from 'vitest';
import { redisProgram } from '../support/redis-server.js';
import { sentinelProgram } from '../support/redis-sentinels.js';
import { failover } from './failover.js';
import { storm } from './storm.js';

/** `npm run storm` runs the full storm and prints its figures. All other runs do the same in a short version. */
const isFull = process.env['STORM'] === 'full';
const size = isFull
  ? { publishers: 4, clients: 500, events: 50_000 }
  : { publishers: 4, clients: 50, events: 2000 };

const logs = redisProgram ? (['memory', 'redis'] as const) : (['memory'] as const);

describe.each(logs)('a storm on %s', (log) => {
  it('delivers every event to every client once and in order', async () => {
    const result = await storm({ log, ...size });
    if (isFull) {
      console.log(JSON.stringify({ log, ...size, ...result }));
    }
    const { deliveries, gaps, wrong } = result;
    expect({ deliveries, gaps, wrong }).toEqual({
      deliveries: size.clients * size.events,
      gaps: 0,
      wrong: 0,
    });
  }, 3_600_000);
});

const failoverSize = isFull
  ? { channels: 48, clients: 480, events: 500 }
  : { channels: 16, clients: 32, events: 60 };

const engines = [
  ...(sentinelProgram ? (['sentinel'] as const) : []),
  ...(redisProgram ? (['cluster'] as const) : []),
];

describe.each(engines)('a storm with a failover on %s', (engine) => {
  it('gives each client all retained events once and in order, or tells it of a gap', async () => {
    const result = await failover({ engine, ...failoverSize });
    if (isFull) {
      console.log(JSON.stringify({ engine, ...failoverSize, ...result }));
    }
    const { wrong, deliveries } = result;
    expect(wrong).toBe(0);
    expect(deliveries).toBeGreaterThan(failoverSize.clients * failoverSize.events * 0.9);
  }, 3_600_000);
});
