import { createSession } from 'better-sse';
import { serveNode } from '../../support/serve-node.js';
import { squares } from '../../support/squares.js';

export default serveNode((request, response) => {
  void createSession(request, response).then(async (session) => {
    for await (const square of squares()) {
      session.push(square, 'message', String(square.i));
    }
    response.end();
  });
});
