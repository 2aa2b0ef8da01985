import { createHash } from 'node:crypto';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: 'A file of 1 MiB',
  onNest: ['nestjs-responses', 'nest-streamable-file'],
  others: ['node-http'],
  targets: [{ of: 'nestjs-responses', against: 'nest-streamable-file', atMost: 0.35 }],
  read: (body) => createHash('sha256').update(body).digest('hex'),
} satisfies Scenario;
