import { readText } from '../../support/read-text.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: 'A small DTO, APIResponse with a schema',
  onNest: ['nestjs-responses', 'nest-plain'],
  others: ['fastify-schema'],
  targets: [{ of: 'nestjs-responses', against: 'nest-plain', atMost: 1.05 }],
  read: readText,
} satisfies Scenario;
