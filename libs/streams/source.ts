import { isObservable, type Observable } from 'rxjs';
import type { Readable } from 'node:stream';
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';

/**
 * The sources of a streamed body. Strings are excluded: they would be sent character by character.
 *
 * A web `ReadableStream` is accepted as an `AsyncIterable`. With a type of its own here, `controller` in an inline `new
 * ReadableStream({ start(controller) {…} })` would be inferred as a byte stream's if the application's `lib` includes
 * the DOM.
 */
export type StreamContent<TItem> =
  Observable<TItem> | AsyncIterable<TItem> | (Iterable<TItem> & object) | Readable;

/** A source that produces an item only when asked. */
export interface PullSource<TItem> {
  next(): Promise<IteratorResult<TItem, unknown>> | IteratorResult<TItem, unknown>;
  /** Releases the resources of the source, even while `next()` is pending or before it was called. */
  stop(): unknown;
}

/** True if `value` is a `StreamContent`. */
export function isStreamContent(value: unknown): value is StreamContent<unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return false;
  }
  return (
    isObservable(value) ||
    isReadableStream(value) ||
    Symbol.asyncIterator in value ||
    Symbol.iterator in value
  );
}

/** Opens a pull source. Nothing is read before the first `next()`. */
export function openPullSource<TItem>(
  content: Exclude<StreamContent<TItem>, Observable<TItem>>,
): PullSource<TItem> {
  if (isReadableStream<TItem>(content)) {
    return openReadableStream(content);
  }
  if (isReadable(content)) {
    return openReadable(content);
  }
  return openIterable(content);
}

function isReadableStream<TItem>(value: object): value is ReadableStream<TItem> {
  return 'getReader' in value && typeof value.getReader === 'function';
}

function isReadable(value: object): value is Readable {
  return (
    'pipe' in value &&
    typeof value.pipe === 'function' &&
    'destroy' in value &&
    typeof value.destroy === 'function'
  );
}

function openReadableStream<TItem>(stream: ReadableStream<TItem>): PullSource<TItem> {
  // The async iterator cannot be stopped while a read is pending, and a quiet upstream may keep it pending forever.
  let reader: ReadableStreamDefaultReader<TItem> | undefined;
  return {
    next: () => (reader ??= stream.getReader()).read(),
    stop: () => (reader ?? stream).cancel(),
  };
}

function openReadable<TItem>(readable: Readable): PullSource<TItem> {
  // Without a listener, a stream that fails before it is read or after it was stopped would end the process, e.g.
  // `createReadStream()` of a missing file after the client disconnected.
  readable.on('error', ignoreError);
  let iterator: AsyncIterator<TItem> | undefined;
  return {
    next: () => (iterator ??= readable[Symbol.asyncIterator]()).next(),
    stop: () => readable.destroy(),
  };
}

function openIterable<TItem>(content: AsyncIterable<TItem> | Iterable<TItem>): PullSource<TItem> {
  let iterator: AsyncIterator<TItem> | Iterator<TItem> | undefined;
  const open = () =>
    Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]();
  return {
    next: () => {
      const result = (iterator ??= open()).next();
      return 'done' in result ? settle(result) : result;
    },
    stop: () => {
      // A generator object is its own iterator and may hold resources before it is read. For other iterables, do not
      // open an iterator just to close it.
      const opened = iterator ?? (isIterator<TItem>(content) ? content : undefined);
      return opened?.return?.();
    },
  };
}

function isIterator<TItem>(value: object): value is Iterator<TItem> | AsyncIterator<TItem> {
  return 'next' in value && typeof value.next === 'function';
}

/** Awaits items that are promises, as `for await` does. */
function settle<TItem>(
  result: IteratorResult<TItem, unknown>,
): IteratorResult<TItem, unknown> | Promise<IteratorResult<TItem, unknown>> {
  const { done, value } = result;
  return value instanceof Promise
    ? value.then((settled: TItem) => ({ done, value: settled }) as IteratorResult<TItem, unknown>)
    : result;
}

function ignoreError(): void {
  // The iterator reports it to its reader.
}
