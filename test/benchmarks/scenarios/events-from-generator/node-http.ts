import { serveNode } from '../../support/serve-node.js';
import { writeSquareEvents } from '../../support/write-squares.js';

export default serveNode((_request, response) => void writeSquareEvents(response));
