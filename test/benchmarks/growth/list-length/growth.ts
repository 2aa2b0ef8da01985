import type { Growth } from '../../support/growth.js';
import { measureAnswers } from '../../support/measure-growth.js';

/** The contestants of `npm run bench -- validated-list-100`. */
const VALIDATED_LIST = '../../support/validated-list';

export default {
  title: 'A declared JSON list, by its length',
  x: 'objects in the list',
  cpu: 'CPU time per response, µs',
  memory: 'Peak memory of the process, MiB',
  sizes: [1, 10, 100, 1000, 10_000],
  entries: [
    {
      name: 'nestjs-responses, declared',
      file: `${VALIDATED_LIST}/nestjs-responses`,
      platform: 'express',
    },
    { name: 'Nest alone', file: 'nest-plain', platform: 'express' },
    {
      name: 'Nest, ClassSerializerInterceptor',
      file: `${VALIDATED_LIST}/nest-class-serializer`,
      platform: 'express',
    },
  ],
  measure: measureAnswers,
} satisfies Growth;
