/** An item of the streams. */
export interface Square {
  readonly i: number;
  readonly square: number;
}

export const COUNT = 1000;
/** The length of text that is written at once by hand, in UTF-16 code units. */
export const WRITE_LENGTH = 16 * 1024;

export function square(i: number): Square {
  return { i, square: i * i };
}

export async function* squares(count = COUNT): AsyncGenerator<Square> {
  for (let i = 0; i < count; i++) {
    yield square(i);
  }
}

/** A square as an event, written by hand. */
export function squareEvent(value: Square): string {
  return `id: ${value.i}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** A square as a line of NDJSON, written by hand. */
export function squareLine(value: Square): string {
  return `${JSON.stringify(value)}\n`;
}
