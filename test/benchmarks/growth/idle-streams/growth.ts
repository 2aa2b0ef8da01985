import type { Growth } from '../../support/growth.js';
import { measureOpenStreams } from '../../support/measure-growth.js';

export default {
  title: 'Open event streams, by their number',
  x: 'open streams, without events',
  cpu: 'CPU time to open all of them, ms',
  memory: 'Heap that they hold, MiB',
  sizes: [100, 300, 1000, 3000, 10_000],
  entries: [
    { name: 'nestjs-responses, Express', file: 'nestjs-responses', platform: 'express' },
    { name: 'nestjs-responses, Fastify', file: 'nestjs-responses', platform: 'fastify' },
    { name: '@Sse() of Nest, Express', file: 'nest-sse', platform: 'express' },
    { name: 'by hand, in Nest, Express', file: 'by-hand', platform: 'express' },
    { name: 'an open answer, plain Node', file: 'node-http', platform: 'none' },
    { name: 'an idle connection, plain Node', file: 'node-connection', platform: 'none' },
  ],
  opensStreams: true,
  measure: measureOpenStreams,
} satisfies Growth;
