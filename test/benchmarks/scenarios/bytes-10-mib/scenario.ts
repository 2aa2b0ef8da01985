import { createHash } from 'node:crypto';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: 'Constant bytes of 10 MiB',
  onNest: ['nestjs-responses', 'nest-streamable-file'],
  others: ['node-http'],
  // Plain Node takes 0.85 of it, because most of the work is done by the system.
  targets: [{ of: 'nestjs-responses', against: 'nest-streamable-file', atMost: 1.05 }],
  read: (body) => createHash('sha256').update(body).digest('hex'),
} satisfies Scenario;
