import { serveNode } from '../../support/serve-node.js';
import { COUNT, square, squareEvent, WRITE_LENGTH } from '../../support/squares.js';

export default serveNode((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  let text = '';
  for (let i = 0; i < COUNT; i++) {
    text += squareEvent(square(i));
    if (text.length >= WRITE_LENGTH) {
      response.write(text);
      text = '';
    }
  }
  response.end(text);
});
