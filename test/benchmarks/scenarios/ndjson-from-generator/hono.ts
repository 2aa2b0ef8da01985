import { stream } from 'hono/streaming';
import { serveHono } from '../../support/serve-hono.js';
import { squareLine, squares } from '../../support/squares.js';

export default serveHono((context) => {
  context.header('Content-Type', 'application/x-ndjson');
  return stream(context, async (body) => {
    for await (const square of squares()) {
      await body.write(squareLine(square));
    }
  });
});
