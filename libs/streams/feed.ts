import { isObservable, Subscription, UnsubscriptionError, type Observable } from 'rxjs';
import { openPullSource, type PullSource, type StreamContent } from './source.js';

/** A piece of the body; an empty string is none. */
export type Chunk = string | Uint8Array;

/** Takes the items of a source, e.g. a `ChunkSink`. */
export interface FeedSink<TChunk> {
  /** True if nothing more is taken. */
  readonly isClosed: boolean;
  /** Returns true if a source that can wait may produce its next item now. If false, wait for `ready()` first. */
  takesNext(): boolean;
  /** Settles when the source may go on. */
  ready(): Promise<void>;
  push(chunk: TChunk): void;
}

/** What becomes of a source. */
export interface FeedHandlers<TItem, TChunk = Chunk> {
  /** The item as the sink takes it, e.g. a piece of a body. What it throws, or rejects with, is a failure of the source. */
  readonly encode: (item: TItem) => TChunk | Promise<TChunk>;
  /** All items are in the sink. */
  readonly onEnd: () => void;
  /** The source failed. */
  readonly onError: (error: unknown) => void;
  /** The source failed while it was being stopped, when nobody waits for its items any more. */
  readonly onStopError: (error: unknown) => void;
}

/**
 * Feeds a sink from a source: an Observable pushes, any other is asked for the next item when the sink has room.
 * Exactly one of `onEnd` and `onError` is called, or neither if the source is stopped before.
 *
 * @returns stops the source at once, also while it is quiet.
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

/** Releases what a source holds that will not be read, e.g. an open file. */
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
  // Exists once an item takes its time to be encoded: those after it, and the end, keep their place.
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
  // Apart from `next()`, which is called for each item and would make a closure at each call.
  const encodeInTurn = (item: TItem) => inTurn(async () => sink.push(await encode(item)));
  const pushInTurn = (chunk: Promise<TChunk>) => inTurn(async () => sink.push(await chunk));
  subscription.add(
    source.subscribe({
      next: (item) => {
        // An Observable that emits while it is being subscribed cannot be stopped before it is done.
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
      // What the teardowns of an Observable throw.
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
    // A closed sink never has a source wait, so that one which never waits by itself would go on for good.
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
    // A source fails on being stopped as well, e.g. a `fetch()` whose signal was aborted.
    if (!isOver) {
      isOver = true;
      stopSource(source, (stopError) => {
        // A stream that has failed fails again, in the same way, when it is stopped.
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
