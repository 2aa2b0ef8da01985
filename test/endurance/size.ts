/** `npm run endurance` runs the full size and prints its figures. All other runs do the same in a short version. */
export const isFull = process.env['ENDURANCE'] === 'full';

/** Prints figures of the full size, one line each. */
export function report(what: string, figures: object): void {
  if (isFull) {
    console.log(`${what}: ${JSON.stringify(figures, round)}`);
  }
}

function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value;
}
