import { readEvents } from '../../support/read-events.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: '1,000 events from an Observable',
  onNest: ['nestjs-responses', 'by-hand', 'nest-sse'],
  others: ['node-http', 'better-sse', 'fastify-sse', 'h3', 'hono'],
  targets: [
    { of: 'nestjs-responses', against: 'by-hand', atMost: 1.3 },
    { of: 'nestjs-responses', against: 'nest-sse', atMost: 0.03 },
  ],
  read: readEvents,
} satisfies Scenario;
