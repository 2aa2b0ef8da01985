import { concatMap, from, isObservable, of, type Observable } from 'rxjs';
import { openPullSource, type PullSource, type StreamContent } from './source.js';

/**
 * Returns a source of mapped items. Stopping it stops the original source immediately, even while it is quiet or before
 * it was read.
 *
 * @param map may return a promise; the items keep their order
 */
export function mapSource<TItem, TResult>(
  content: StreamContent<TItem>,
  map: (item: TItem) => TResult | Promise<TResult>,
): Observable<TResult> | AsyncIterableIterator<TResult> {
  if (isObservable(content)) {
    return (content as Observable<TItem>).pipe(
      concatMap((item) => {
        const result = map(item);
        return result instanceof Promise ? from(result) : of(result);
      }),
    );
  }
  let opened: PullSource<TItem> | undefined;
  const source = () => (opened ??= openPullSource(content));
  const mapped: AsyncIterableIterator<TResult> = {
    [Symbol.asyncIterator]: () => mapped,
    next: async () => {
      const result = await source().next();
      return result.done
        ? { done: true, value: undefined }
        : { done: false, value: await map(result.value) };
    },
    return: async () => {
      await source().stop();
      return { done: true, value: undefined };
    },
  };
  return mapped;
}
