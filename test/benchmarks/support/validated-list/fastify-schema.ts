import { serveFastify } from '../serve-fastify.js';
import type { Platform } from '../scenario.js';
import { dogs } from './dog.js';
import { DOGS_RESPONSE } from './dogs.response.js';

/** Fastify without Nest. It does not validate. */
export default function start(platform: Platform, count: number): Promise<number> {
  return serveFastify({ schema: DOGS_RESPONSE, handler: () => Promise.resolve(dogs(count)) })(
    platform,
  );
}
