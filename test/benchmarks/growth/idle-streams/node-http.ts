import { serveNode } from '../../support/serve-node.js';

/** A response that stays open, and nothing else. */
export default serveNode((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
});
