import { puppy } from '../../support/puppy.js';
import { serveFastify } from '../../support/serve-fastify.js';

export default serveFastify({ handler: () => Promise.resolve(puppy()) });
