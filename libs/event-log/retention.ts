import { inspect } from 'node:util';

/** The retention of each channel. Both limits apply. */
export interface Retention {
  /** The maximum number of events per channel, a positive integer. @default 10_000 */
  readonly maxLength?: number | undefined;
  /** The time for which an event is kept, in milliseconds; a positive integer. @default 600_000, 10 minutes */
  readonly maxAge?: number | undefined;
}

/**
 * The time for which the last id of a channel is kept, in milliseconds: one day. A client that reconnects after a long
 * quiet period then knows that it has missed nothing.
 */
export const PLACE_AGE = 24 * 60 * 60 * 1000;

/** Returns the retention with defaults. Throws a `TypeError` if a limit is not a positive integer. */
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
