import type { Growth } from '../../support/growth.js';
import { measureAnswers } from '../../support/measure-growth.js';

export default {
  title: 'An event stream, by its number of events',
  x: 'events of the stream',
  cpu: 'CPU time per stream, µs',
  memory: 'Peak memory of the process, MiB',
  sizes: [10, 100, 1000, 10_000, 100_000, 1_000_000],
  entries: [
    { name: 'nestjs-responses', file: 'nestjs-responses', platform: 'express' },
    { name: 'by hand, in Nest', file: 'by-hand', platform: 'express' },
    { name: '@Sse() of Nest', file: 'nest-sse', platform: 'express' },
    { name: 'by hand, plain Node', file: 'node-http', platform: 'none' },
  ],
  measure: measureAnswers,
} satisfies Growth;
