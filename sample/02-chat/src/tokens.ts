import { Logger } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';

/** The time a token takes, in milliseconds, so that you can watch the answer being written. */
const PAUSE = 30;

const logger = new Logger('Tokens');

/** Splits a text into tokens: words, each with the preceding space, and the final space. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}

/** Yields an answer token by token, until it is complete or `signal` aborts. */
export async function* writeTokens(
  answer: string,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const tokens = tokensOf(answer);
  let written = 0;
  for (const token of tokens) {
    // Rejects immediately when the client disconnects, so that no further tokens are generated and paid for.
    await setTimeout(PAUSE, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) {
      logger.log(`The client left after ${written} of ${tokens.length} tokens.`);
      return;
    }
    written += 1;
    yield token;
  }
}
