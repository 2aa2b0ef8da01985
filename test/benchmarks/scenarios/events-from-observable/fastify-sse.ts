import { fastifySSE } from '@fastify/sse';
import { serveFastify } from '../../support/serve-fastify.js';
import { COUNT, square } from '../../support/squares.js';

export default serveFastify(
  {
    sse: 'only',
    handler: async (_request, reply) => {
      for (let i = 0; i < COUNT; i++) {
        await reply.sse.send({ id: String(i), data: square(i) });
      }
    },
  },
  fastifySSE,
);
