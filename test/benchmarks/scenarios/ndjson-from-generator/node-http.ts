import { serveNode } from '../../support/serve-node.js';
import { writeSquareLines } from '../../support/write-squares.js';

export default serveNode((_request, response) => void writeSquareLines(response));
