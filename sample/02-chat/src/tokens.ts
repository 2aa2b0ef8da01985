import { Logger } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds that a token takes, so that an answer can be watched while it is written. */
const PAUSE = 30;

const logger = new Logger('Tokens');

/** The tokens of a text: its words, each with the space before it, and the space at its end. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}

/** Writes an answer token by token, until it is complete or the `signal` of its client aborts. */
export async function* writeTokens(
  answer: string,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const tokens = tokensOf(answer);
  let written = 0;
  for (const token of tokens) {
    // Rejects at once when the client leaves: what would have been written, and paid for, is not.
    await setTimeout(PAUSE, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) {
      logger.log(`The client left after ${written} of ${tokens.length} tokens.`);
      return;
    }
    written += 1;
    yield token;
  }
}
