import { collect, type BodyFormat, type CollectOptions } from './collect.js';
import type { StreamedResponse } from './streamed-response.js';

const FORMAT: BodyFormat<unknown> = {
  mediaTypes: ['application/x-ndjson', 'application/jsonl'],
  items: 'items',
  parse: readLines,
};

/**
 * Collects the values of an NDJSON body, one per line, in order. Skips empty lines.
 *
 * Rejects with a `CollectError`, which holds the values received so far, if the media type is not
 * `application/x-ndjson` or `application/jsonl`, the status is not 2xx, a line is not JSON, the body is cut or ends
 * within a line, or the signal is aborted. Rejects with a `TypeError` for a value that is not a response, and with a
 * `RangeError` if `take` is not a positive integer.
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
    throw new SyntaxError(`Line ${line} is not JSON: ${quote(text)}.`, { cause });
  }
}

/** The maximum length of a quoted line. Longer ones are truncated. */
const MAX_QUOTE = 120;

function quote(text: string): string {
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
}
