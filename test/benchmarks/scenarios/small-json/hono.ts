import { puppy } from '../../support/puppy.js';
import { serveHono } from '../../support/serve-hono.js';

export default serveHono((context) => context.json(puppy()));
