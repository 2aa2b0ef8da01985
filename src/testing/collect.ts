import { addAbortSignal, type Readable } from 'node:stream';
import { essenceOf } from '../responses/media-type.js';
import { isStreaming, Representations } from '../responses/representations.js';
import { CollectError } from './collect.error.js';
import { openResponse, type ResponseHead } from './open-response.js';
import type { StreamedResponse } from './streamed-response.js';

/** Options of `collectNDJSON()` and `collectEvents()`. @publicApi */
export interface CollectOptions {
  /**
   * The maximum number of items, a positive integer. The response is then closed, which stops its source. Use it to
   * test an endless stream. @default all
   */
  readonly take?: number;
  /** Rejects with a `CollectError` when it aborts, e.g. `AbortSignal.timeout(1000)`. @default none */
  readonly signal?: AbortSignal;
}

/** The expected format of a body, and how to read it. */
export interface BodyFormat<TItem> {
  /** The accepted media types. Error messages name the first. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** The name of the items, in the plural. */
  readonly items: string;
  /** Reads items from the text of a body, in chunks of any size. Throws if the text is malformed. */
  readonly parse: (texts: AsyncIterable<string>) => AsyncIterable<TItem>;
}

/** Reads all items of a response, or the first ones, and closes it. */
export async function collect<TItem>(
  response: StreamedResponse,
  { mediaTypes, items, parse }: BodyFormat<TItem>,
  { take = Infinity, signal }: CollectOptions,
): Promise<TItem[]> {
  if (take !== Infinity && !(Number.isSafeInteger(take) && take > 0)) {
    throw new RangeError(`The number of ${items} to take must be a positive integer, got ${take}.`);
  }
  const { head, body } = openResponse(response);
  if (signal) {
    addAbortSignal(signal, body);
  }
  if (head && !isExpected(head, mediaTypes)) {
    throw new CollectError(`Expected ${mediaTypes[0]}, got ${await describe(head, body)}.`);
  }
  const received: TItem[] = [];
  try {
    for await (const item of parse(textOf(body, signal))) {
      received.push(item);
      if (received.length === take) {
        break;
      }
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CollectError(
      `${reason} The property "received" of this error holds the ${items} before that (${received.length}).`,
      received,
      { cause },
    );
  }
  return received;
}

/** Yields the body as text. Stopping the iteration destroys the body. Failures of the body get their own messages. */
async function* textOf(body: Readable, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body as AsyncIterable<string | Uint8Array>) {
      yield typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw signal?.aborted
      ? new Error('The signal was aborted before the end of the stream.', { cause })
      : new Error('The body was cut: the connection was closed before its proper end.', { cause });
  }
  yield decoder.decode();
}

function isExpected({ status, contentType }: ResponseHead, mediaTypes: readonly string[]): boolean {
  return status >= 200 && status < 300 && mediaTypes.includes(essenceOf(contentType ?? ''));
}

/** Describes an unexpected response and the start of its body, and closes it. */
async function describe({ status, contentType }: ResponseHead, body: Readable): Promise<string> {
  const start = await startOf(body, contentType);
  return `${contentType ?? 'no media type'} with status ${status}${start && `: ${start}`}`;
}

/** The maximum length of a quoted body. Longer ones are truncated. */
const MAX_START = 300;

async function startOf(body: Readable, contentType: string | undefined): Promise<string> {
  const answering = new Representations().of(contentType ?? '');
  if (answering && isStreaming(answering)) {
    // A stream may be quiet for a long time, and its first item does not explain the error.
    body.destroy();
    return '';
  }
  let start = '';
  for await (const text of textOf(body, undefined)) {
    start += text;
    if (start.length > MAX_START) {
      return `${start.slice(0, MAX_START)}…`;
    }
  }
  return start;
}
