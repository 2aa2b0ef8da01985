import { EventStream } from 'h3';
import { serveH3 } from '../../support/serve-h3.js';
import { COUNT, square } from '../../support/squares.js';

export default serveH3((event) => {
  const stream = new EventStream(event);
  void pushAll(stream);
  return stream;
});

async function pushAll(stream: EventStream): Promise<void> {
  for (let i = 0; i < COUNT; i++) {
    await stream.push({ id: String(i), data: JSON.stringify(square(i)) });
  }
  await stream.close();
}
