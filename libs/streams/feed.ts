import {
  isObservable,
  Subscription,
  UnsubscriptionError,
  type Observable,
  type Observer,
} from 'rxjs';
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
  if (!isObservable(content)) {
    return feedFromPull(openPullSource(content), sink, handlers);
  }
  const push = new PushFeed<TItem, TChunk>(sink, handlers);
  push.start(content as Observable<TItem>);
  return () => push.stop();
}

/** Releases the resources of a source that will not be read, e.g. an open file. */
export function release(content: StreamContent<unknown>, onError: (error: unknown) => void): void {
  if (!isObservable(content)) {
    stopSource(openPullSource(content), onError);
  }
}

/**
 * Passes the items of an Observable to a sink. A single object rather than a closure for each handler, because
 * thousands of streams may be open and idle.
 */
class PushFeed<TItem, TChunk> implements Observer<TItem> {
  // Not `#private`, because RxJS calls handlers on an object that inherits from this one with its setting
  // `useDeprecatedNextContext`.
  private readonly subscription = new Subscription();
  /** Created for the first item that is encoded asynchronously. Later items and the end then keep their order. */
  private queue: Promise<void> | undefined;

  constructor(
    private readonly sink: FeedSink<TChunk>,
    private readonly handlers: FeedHandlers<TItem, TChunk>,
  ) {}

  start(source: Observable<TItem>): void {
    this.subscription.add(source.subscribe(this));
  }

  stop(): void {
    try {
      this.subscription.unsubscribe();
    } catch (error) {
      // Errors thrown by the teardown functions of the Observable.
      const causes = error instanceof UnsubscriptionError ? error.errors : [error];
      causes.forEach((cause) => this.handlers.onStopError(cause));
    }
  }

  next(item: TItem): void {
    // An Observable that emits synchronously cannot be stopped while it is being subscribed to.
    if (this.subscription.closed) {
      return;
    }
    if (this.queue) {
      this.encodeInTurn(item);
      return;
    }
    try {
      const chunk = this.handlers.encode(item);
      if (chunk instanceof Promise) {
        this.pushInTurn(chunk);
      } else {
        this.sink.push(chunk);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  error(error: unknown): void {
    if (this.queue) {
      this.inTurn(() => this.fail(error));
    } else {
      this.fail(error);
    }
  }

  complete(): void {
    if (this.queue) {
      this.inTurn(() => this.handlers.onEnd());
    } else if (!this.subscription.closed) {
      this.handlers.onEnd();
    }
  }

  /** Separate from `next()`, which would otherwise create a closure for each item. */
  private encodeInTurn(item: TItem): void {
    this.inTurn(async () => this.sink.push(await this.handlers.encode(item)));
  }

  private pushInTurn(chunk: Promise<TChunk>): void {
    this.inTurn(async () => this.sink.push(await chunk));
  }

  private inTurn(act: () => void | Promise<void>): void {
    this.queue = (this.queue ?? Promise.resolve())
      .then(() => (this.subscription.closed ? undefined : act()))
      .catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (!this.subscription.closed) {
      this.subscription.unsubscribe();
      this.handlers.onError(error);
    }
  }
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
