import { collect, type BodyFormat, type CollectOptions } from './collect.js';
import type { StreamedResponse } from './streamed-response.js';

const FORMAT: BodyFormat<unknown> = {
  mediaTypes: ['application/x-ndjson', 'application/jsonl'],
  items: 'items',
  parse: readLines,
};

/**
 * The values of a body of NDJSON, one a line, in order. Empty lines are passed over.
 *
 * Rejects with a `CollectError` that holds what was received before: where the response has another media type than
 * `application/x-ndjson` or `application/jsonl` or a status other than 2xx, where a line is no JSON, where the body is cut
 * or ends within a line, and where the signal is aborted. Rejects with a `TypeError` for what is no response, and with a
 * `RangeError` for a `take` that is no positive integer.
 *
 * @publicApi
 */
export function collectNDJSON<TItem = unknown>(
  response: StreamedResponse,
  options: CollectOptions = {},
): Promise<TItem[]> {
  return collect(response, FORMAT as BodyFormat<TItem>, options);
}

async function* readLines(texts: AsyncIterable<string>): AsyncGenerator<unknown> {
  let line = 1;
  let rest = '';
  for await (const text of texts) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) {
      if (one.trim() !== '') {
        yield read(one, line);
      }
      line += 1;
    }
  }
  if (rest !== '') {
    throw new SyntaxError(
      `The body ends within line ${line}, without a line feed: ${quote(rest)}.`,
    );
  }
}

function read(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Line ${line} is no JSON: ${quote(text)}.`, { cause });
  }
}

/** Longer lines are cut off in a message. */
const MAX_QUOTE = 120;

function quote(text: string): string {
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
}
