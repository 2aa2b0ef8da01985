import { puppy } from './puppy.js';
import { serveFastify } from './serve-fastify.js';

/** Fastify with a response schema for writing JSON. It leaves out undeclared properties, but does not validate. */
export const servePuppyWithSchema = serveFastify({
  handler: () => Promise.resolve(puppy()),
  schema: {
    response: {
      200: {
        type: 'object',
        required: ['id', 'name', 'good'],
        properties: {
          id: { type: 'number' },
          name: { type: 'string' },
          good: { type: 'boolean' },
        },
      },
    },
  },
});
