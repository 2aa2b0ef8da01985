import type { Growth } from '../../support/growth.js';
import { measureIdleHeap } from '../../support/measure-growth.js';

export default {
  title: 'A declared JSON object, by the size of its schema',
  x: 'properties of one class, or classes nested in each other',
  cpu: 'CPU time per response, µs',
  memory: 'Heap of the idle server, over Nest alone without a class, MiB',
  sizes: [1, 3, 10, 30, 100, 300, 1000],
  entries: [
    { name: 'nestjs-responses, properties', file: 'nestjs-responses-wide', platform: 'express' },
    { name: 'Nest alone, properties', file: 'nest-plain-wide', platform: 'express' },
    {
      name: 'nestjs-responses, nested',
      file: 'nestjs-responses-deep',
      platform: 'express',
      // Compiling the schema calls itself for each class, and exceeds the stack of the engine before 300.
      largest: 100,
    },
    { name: 'Nest alone, nested', file: 'nest-plain-deep', platform: 'express' },
  ],
  base: { name: 'Nest alone', file: 'nest-plain-wide', platform: 'express' },
  measure: measureIdleHeap,
} satisfies Growth;
