import { isObservable, Subscription, UnsubscriptionError, type Observable } from 'rxjs';
import { openPullSource, type PullSource, type StreamContent } from './source.js';

/** A chunk of the body. An empty string is skipped. */
export type Chunk = string | Uint8Array;

/** Receives the items of a source, e.g. a `ChunkSink`. */
export interface FeedSink<TChunk> {
  /** True if no more items are accepted. */
  readonly isClosed: boolean;
  /** Returns true if a source that can wait may produce its next item now. If false, wait for `ready()` first. */
  takesNext(): boolean;
  /** Resolves when the source may continue. */
  ready(): Promise<void>;
  push(chunk: TChunk): void;
}

/** Callbacks for the items and the end of a source. */
export interface FeedHandlers<TItem, TChunk = Chunk> {
  /** Encodes an item for the sink. If it throws or rejects, the source counts as failed. */
  readonly encode: (item: TItem) => TChunk | Promise<TChunk>;
  /** Called once all items are in the sink. */
  readonly onEnd: () => void;
  /** Called if the source fails. */
  readonly onError: (error: unknown) => void;
  /** Called if the source fails while it is being stopped, when nothing reads its items any more. */
  readonly onStopError: (error: unknown) => void;
}

/**
 * Feeds a sink from a source. An Observable pushes; any other source is asked for the next item when the sink has room.
 * Calls `onEnd` or `onError` exactly once, or neither if the source is stopped before.
 *
 * @returns a function that stops the source immediately, even while it is quiet
 */
export function feed<TItem, TChunk = Chunk>(
  content: StreamContent<TItem>,
  sink: FeedSink<TChunk>,
  handlers: FeedHandlers<TItem, TChunk>,
): () => void {
  return isObservable(content)
    ? feedFromPush(content as Observable<TItem>, sink, handlers)
    : feedFromPull(openPullSource(content), sink, handlers);
}

/** Releases the resources of a source that will not be read, e.g. an open file. */
export function release(content: StreamContent<unknown>, onError: (error: unknown) => void): void {
  if (!isObservable(content)) {
    stopSource(openPullSource(content), onError);
  }
}

function feedFromPush<TItem, TChunk>(
  source: Observable<TItem>,
  sink: FeedSink<TChunk>,
  { encode, onEnd, onError, onStopError }: FeedHandlers<TItem, TChunk>,
): () => void {
  const subscription = new Subscription();
  // Created for the first item that is encoded asynchronously. Later items and the end then keep their order.
  let queue: Promise<void> | undefined;
  const fail = (error: unknown) => {
    if (!subscription.closed) {
      subscription.unsubscribe();
      onError(error);
    }
  };
  const inTurn = (act: () => void | Promise<void>) => {
    queue = (queue ?? Promise.resolve())
      .then(() => (subscription.closed ? undefined : act()))
      .catch(fail);
  };
  // Outside `next()`, which would otherwise create a closure for each item.
  const encodeInTurn = (item: TItem) => inTurn(async () => sink.push(await encode(item)));
  const pushInTurn = (chunk: Promise<TChunk>) => inTurn(async () => sink.push(await chunk));
  subscription.add(
    source.subscribe({
      next: (item) => {
        // An Observable that emits synchronously cannot be stopped while it is being subscribed to.
        if (subscription.closed) {
          return;
        }
        if (queue) {
          encodeInTurn(item);
          return;
        }
        try {
          const chunk = encode(item);
          if (chunk instanceof Promise) {
            pushInTurn(chunk);
          } else {
            sink.push(chunk);
          }
        } catch (error) {
          fail(error);
        }
      },
      error: (error: unknown) => (queue ? inTurn(() => fail(error)) : fail(error)),
      complete: () => {
        if (queue) {
          inTurn(onEnd);
        } else if (!subscription.closed) {
          onEnd();
        }
      },
    }),
  );
  return () => {
    try {
      subscription.unsubscribe();
    } catch (error) {
      // Errors thrown by the teardown functions of the Observable.
      const causes = error instanceof UnsubscriptionError ? error.errors : [error];
      causes.forEach((cause) => onStopError(cause));
    }
  };
}

function feedFromPull<TItem, TChunk>(
  source: PullSource<TItem>,
  sink: FeedSink<TChunk>,
  { encode, onEnd, onError, onStopError }: FeedHandlers<TItem, TChunk>,
): () => void {
  let isOver = false;
  const stop = () => {
    if (!isOver) {
      isOver = true;
      stopSource(source, onStopError);
    }
  };
  const run = async () => {
    // A closed sink never makes a source wait, so an endless synchronous source would run forever.
    while (!isOver && !sink.isClosed) {
      if (!sink.takesNext()) {
        await sink.ready();
        continue;
      }
      let result = source.next();
      if ('then' in result) {
        result = await result;
      }
      if (isOver) {
        return;
      }
      if (result.done) {
        isOver = true;
        onEnd();
        return;
      }
      const chunk = encode(result.value);
      sink.push(chunk instanceof Promise ? await chunk : chunk);
    }
  };
  run().catch((error: unknown) => {
    // A source may also fail because it was stopped, e.g. a `fetch()` whose signal was aborted.
    if (!isOver) {
      isOver = true;
      stopSource(source, (stopError) => {
        // A failed stream reports the same error again when it is stopped.
        if (stopError !== error) {
          onStopError(stopError);
        }
      });
      onError(error);
    }
  });
  return stop;
}

function stopSource(source: PullSource<unknown>, onError: (error: unknown) => void): void {
  try {
    Promise.resolve(source.stop()).catch(onError);
  } catch (error) {
    onError(error);
  }
}
