import { addAbortSignal, type Readable } from 'node:stream';
import { essenceOf } from '../responses/media-type.js';
import { isStreaming, Representations } from '../responses/representations.js';
import { CollectError } from './collect.error.js';
import { openResponse, type ResponseHead } from './open-response.js';
import type { StreamedResponse } from './streamed-response.js';

/** Options of `collectNDJSON()`, and of `collectEvents()` among others. @publicApi */
export interface CollectOptions {
  /**
   * How many are collected at most, a positive integer. After the last of them the response is let go, which stops its
   * source: so an endless stream is tested. @default all
   */
  readonly take?: number;
  /** Gives up with a `CollectError` when it is aborted, e.g. `AbortSignal.timeout(1000)`. @default none */
  readonly signal?: AbortSignal;
}

/** What a body is to be, and how its text is read. */
export interface BodyFormat<TItem> {
  /** The first is the one that is asked for by name. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** What an item is called, in the plural. */
  readonly items: string;
  /** Reads items from the text of a body, in pieces of any size. Throws what is wrong with it. */
  readonly parse: (texts: AsyncIterable<string>) => AsyncIterable<TItem>;
}

/** Reads the items of a response, all of them or the first ones, and lets go of it. */
export async function collect<TItem>(
  response: StreamedResponse,
  { mediaTypes, items, parse }: BodyFormat<TItem>,
  { take = Infinity, signal }: CollectOptions,
): Promise<TItem[]> {
  if (take !== Infinity && !(Number.isSafeInteger(take) && take > 0)) {
    throw new RangeError(`The number of ${items} to take is a positive integer, got ${take}.`);
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
      `${reason} What came before is in "received" of this error (${items}: ${received.length}).`,
      received,
      { cause },
    );
  }
  return received;
}

/** The body as text; leaving it destroys the body. A failure of the body is told from one of those who read its text. */
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

/** What a response is that was not expected, and how its body begins; lets go of it. */
async function describe({ status, contentType }: ResponseHead, body: Readable): Promise<string> {
  const start = await startOf(body, contentType);
  return `${contentType ?? 'no media type'} with status ${status}${start && `: ${start}`}`;
}

/** Longer bodies are cut off in a message. */
const MAX_START = 300;

async function startOf(body: Readable, contentType: string | undefined): Promise<string> {
  const answering = new Representations().of(contentType ?? '');
  if (answering && isStreaming(answering)) {
    // It may be quiet for long, and its first item says nothing of what went wrong.
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
