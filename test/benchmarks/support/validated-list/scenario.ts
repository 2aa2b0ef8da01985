import { readText } from '../read-text.js';
import type { Scenario } from '../scenario.js';

/** A list of `count` DTOs, validated, without undeclared properties, as JSON. */
export function validatedList(count: number): Scenario {
  const items = count === 1 ? 'DTO' : 'DTOs';
  return {
    title: `A list of ${count.toLocaleString('en')} ${items}, declared and validated`,
    folder: new URL('./', import.meta.url),
    count,
    onNest: [
      'nestjs-responses',
      'nestia',
      'nestjs-zod',
      'nest-standard-schema',
      'nest-class-serializer',
    ],
    onFastify: ['nest-fastify-schema'],
    others: ['fastify-schema'],
    targets: [
      { of: 'nestjs-responses', against: 'nestia', atMost: 1 },
      { of: 'nestjs-responses', against: 'nestjs-zod', atMost: 1 },
      { of: 'nestjs-responses', against: 'nest-standard-schema', atMost: 1 },
      { of: 'nestjs-responses', against: 'nest-class-serializer', atMost: 0.6 },
      // It does not validate, so this ratio has no goal.
      { of: 'nestjs-responses', against: 'nest-fastify-schema' },
    ],
    read: readText,
  };
}
