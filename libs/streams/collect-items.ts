import { firstValueFrom, isObservable, merge, Observable, toArray } from 'rxjs';
import { openPullSource, type StreamContent } from './source.js';

/**
 * Collects all items of a source. Rejects with the error of the source, or with the reason of `signal`. An abort stops
 * the source immediately, even while it is quiet.
 */
export function collectItems<TItem>(
  content: StreamContent<TItem>,
  signal: AbortSignal,
): Promise<TItem[]> {
  const items = isObservable(content) ? (content as Observable<TItem>) : pulled(content);
  return firstValueFrom(merge(aborted(signal), items.pipe(toArray())));
}

function pulled<TItem>(
  content: Exclude<StreamContent<TItem>, Observable<TItem>>,
): Observable<TItem> {
  return new Observable((subscriber) => {
    const source = openPullSource(content);
    let isOver = false;
    const run = async () => {
      for (;;) {
        const result = await source.next();
        if (isOver || result.done) {
          return;
        }
        subscriber.next(result.value);
      }
    };
    run()
      .finally(() => (isOver = true))
      .then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
    return () => {
      if (!isOver) {
        isOver = true;
        // The result has already been settled, so ignore a failure to stop.
        Promise.resolve(source.stop()).catch(() => undefined);
      }
    };
  });
}

function aborted(signal: AbortSignal): Observable<never> {
  return new Observable((subscriber) => {
    const fail = () => subscriber.error(signal.reason);
    if (signal.aborted) {
      fail();
    }
    signal.addEventListener('abort', fail);
    return () => signal.removeEventListener('abort', fail);
  });
}
