import { readEvents } from '../../support/read-events.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: '1,000 events from an async generator',
  onNest: ['nestjs-responses', 'by-hand', 'nest-sse'],
  others: ['node-http', 'better-sse', 'fastify-sse', 'h3', 'hono'],
  targets: [{ of: 'nestjs-responses', against: 'by-hand', atMost: 1.25 }],
  read: readEvents,
} satisfies Scenario;
