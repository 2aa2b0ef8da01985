import type { CountedStart } from '../../support/scenario.js';
import { serveNode } from '../../support/serve-node.js';
import { writeSquareEvents } from '../../support/write-squares.js';

const start: CountedStart = (_platform, count) =>
  serveNode((_request, response) => void writeSquareEvents(response, count))('none');

export default start;
