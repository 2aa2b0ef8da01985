import { readText } from '../../support/read-text.js';
import type { Scenario } from '../../support/scenario.js';

export default {
  title: 'A small DTO, declared and validated',
  onNest: ['nestjs-responses', 'nest-interceptor', 'nest-class-serializer'],
  others: ['fastify-schema'],
  targets: [
    { of: 'nestjs-responses', against: 'nest-interceptor', atMost: 1.1 },
    { of: 'nestjs-responses', against: 'nest-class-serializer', atMost: 0.6 },
  ],
  read: readText,
} satisfies Scenario;
