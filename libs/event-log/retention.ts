import { inspect } from 'node:util';

/** How much of each channel is kept; both bounds hold. */
export interface Retention {
  /** How many events of a channel are kept: a positive integer. @default 10_000 */
  readonly maxLength?: number | undefined;
  /** How long an event is kept, in milliseconds: a positive integer. @default 600_000, 10 minutes */
  readonly maxAge?: number | undefined;
}

/**
 * How long it is remembered which event was the last of a channel, in milliseconds: a day. So a client that comes back
 * to a channel that was quiet for longer than events are kept learns that it has missed nothing.
 */
export const PLACE_AGE = 24 * 60 * 60 * 1000;

/** The retention with its defaults. Throws a `TypeError` for a bound that is no positive integer. */
export function checkRetention(
  owner: string,
  { maxLength = 10_000, maxAge = 600_000 }: Retention,
): { maxLength: number; maxAge: number } {
  for (const [name, value] of Object.entries({ maxLength, maxAge })) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      throw new TypeError(
        `The option "${name}" of ${owner} must be a positive integer, got ${inspect(value)}.`,
      );
    }
  }
  return { maxLength, maxAge };
}
