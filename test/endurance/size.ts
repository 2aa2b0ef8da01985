/** `npm run endurance` has the full size, and prints its figures; all other runs are of the same kind, and short. */
export const isFull = process.env['ENDURANCE'] === 'full';

/** Prints figures of the full size, a line each time. */
export function report(what: string, figures: object): void {
  if (isFull) {
    console.log(`${what}: ${JSON.stringify(figures, round)}`);
  }
}

function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value;
}
