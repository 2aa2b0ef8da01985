import { streamSSE } from 'hono/streaming';
import { serveHono } from '../../support/serve-hono.js';
import { COUNT, square } from '../../support/squares.js';

export default serveHono((context) =>
  streamSSE(context, async (stream) => {
    for (let i = 0; i < COUNT; i++) {
      await stream.writeSSE({ id: String(i), data: JSON.stringify(square(i)) });
    }
  }),
);
