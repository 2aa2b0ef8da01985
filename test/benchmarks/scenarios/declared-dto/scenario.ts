import { readText } from '../../support/read-text.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: 'A list of 100 DTOs, declared and validated',
  onNest: ['nestjs-responses', 'nest-class-serializer'],
  others: [],
  targets: [{ of: 'nestjs-responses', against: 'nest-class-serializer', atMost: 0.6 }],
  read: readText,
} satisfies Scenario;
