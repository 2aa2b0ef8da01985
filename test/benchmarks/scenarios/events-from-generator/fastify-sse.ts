import { fastifySSE } from '@fastify/sse';
import { serveFastify } from '../../support/serve-fastify.js';
import { squares } from '../../support/squares.js';

export default serveFastify(
  {
    sse: 'only',
    handler: async (_request, reply) => {
      for await (const square of squares()) {
        await reply.sse.send({ id: String(square.i), data: square });
      }
    },
  },
  fastifySSE,
);
