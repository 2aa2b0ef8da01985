import { EventStream } from 'h3';
import { serveH3 } from '../../support/serve-h3.js';
import { squares } from '../../support/squares.js';

export default serveH3((event) => {
  const stream = new EventStream(event);
  void pushAll(stream);
  return stream;
});

async function pushAll(stream: EventStream): Promise<void> {
  for await (const square of squares()) {
    await stream.push({ id: String(square.i), data: JSON.stringify(square) });
  }
  await stream.close();
}
