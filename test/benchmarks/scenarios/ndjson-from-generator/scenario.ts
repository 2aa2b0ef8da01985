import { readText } from '../../support/read-text.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: '1,000 NDJSON lines from an async generator',
  onNest: ['nestjs-responses', 'by-hand', 'nest-async-iterable'],
  others: ['node-http', 'hono'],
  targets: [
    { of: 'nestjs-responses', against: 'by-hand', atMost: 1.1 },
    { of: 'nestjs-responses', against: 'nest-async-iterable', atMost: 0.22 },
  ],
  read: readText,
} satisfies Scenario;
