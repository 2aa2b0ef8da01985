import { streamSSE } from 'hono/streaming';
import { serveHono } from '../../support/serve-hono.js';
import { squares } from '../../support/squares.js';

export default serveHono((context) =>
  streamSSE(context, async (stream) => {
    for await (const square of squares()) {
      await stream.writeSSE({ id: String(square.i), data: JSON.stringify(square) });
    }
  }),
);
