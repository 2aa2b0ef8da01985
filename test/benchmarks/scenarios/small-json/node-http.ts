import { puppy } from '../../support/puppy.js';
import { serveNode } from '../../support/serve-node.js';

export default serveNode((_request, response) => {
  const body = JSON.stringify(puppy());
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
});
