import { describe, expect, it } from 'vitest';
import { redisProgram } from '../support/redis-server.js';
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
