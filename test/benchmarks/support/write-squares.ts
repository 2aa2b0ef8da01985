import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { squareEvent, squareLine, squares, WRITE_LENGTH, type Square } from './squares.js';

/** Streams squares by hand, in long writes, as fast as the client reads. */
export async function writeSquares(
  response: ServerResponse,
  mediaType: string,
  encode: (square: Square) => string,
  count?: number,
): Promise<void> {
  response.writeHead(200, { 'Content-Type': mediaType });
  let text = '';
  for await (const square of squares(count)) {
    text += encode(square);
    if (text.length >= WRITE_LENGTH) {
      if (!response.write(text)) {
        await once(response, 'drain');
      }
      text = '';
    }
  }
  response.end(text);
}

export function writeSquareEvents(response: ServerResponse, count?: number): Promise<void> {
  return writeSquares(response, 'text/event-stream', squareEvent, count);
}

export function writeSquareLines(response: ServerResponse): Promise<void> {
  return writeSquares(response, 'application/x-ndjson', squareLine);
}
