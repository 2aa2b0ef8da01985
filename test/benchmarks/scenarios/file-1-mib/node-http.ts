import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { FILE } from '../../support/file.js';
import { serveNode } from '../../support/serve-node.js';

export default serveNode((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
  void pipeline(createReadStream(FILE), response);
});
