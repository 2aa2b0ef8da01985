import type { FastifySchema } from 'fastify';
import { BREEDS } from './dog.js';

/**
 * Dogs for fast-json-stringify, which Fastify uses to write JSON. It leaves out undeclared properties and converts
 * values to the declared types, but does not validate them.
 */
export const DOGS_RESPONSE: FastifySchema = {
  response: {
    200: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'name', 'breed', 'weight', 'good', 'nickname', 'born', 'tricks', 'owner'],
        properties: {
          id: { type: 'number' },
          name: { type: 'string' },
          breed: { type: 'string', enum: BREEDS },
          weight: { type: 'number' },
          good: { type: 'boolean' },
          nickname: { type: ['string', 'null'] },
          born: { type: 'string', format: 'date-time' },
          tricks: { type: 'array', items: { type: 'string' } },
          owner: {
            type: 'object',
            required: ['id', 'name'],
            properties: { id: { type: 'number' }, name: { type: 'string' } },
          },
        },
      },
    },
  },
};
