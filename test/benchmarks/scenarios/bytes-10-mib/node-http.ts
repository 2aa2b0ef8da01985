import { BYTES } from '../../support/file.js';
import { serveNode } from '../../support/serve-node.js';

export default serveNode((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
  response.end(BYTES);
});
