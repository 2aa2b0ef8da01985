import { readText } from '../../support/read-text.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: 'A small JSON object, JSONResponse',
  onNest: ['nestjs-responses', 'nest-plain'],
  others: ['node-http', 'fastify', 'hono'],
  targets: [{ of: 'nestjs-responses', against: 'nest-plain', atMost: 1 }],
  read: readText,
} satisfies Scenario;
