import type { ChunkTarget } from './chunk-target.js';

/** Text is collected up to this length before it is written, in UTF-16 code units. */
const CHUNK_LENGTH = 16 * 1024;
/**
 * The length that one turn may write without waiting for the client, in UTF-16 code units. The system gets it in one
 * write. 64 KiB is Node's own buffer for a response, by default, from version 22 on.
 */
const TURN_LENGTH = 64 * 1024;
/** The longest time for which a source that never waits may block the event loop, in milliseconds. */
const SLICE = 5;
/** An item counts as slow if it takes longer, in milliseconds. The clock is then checked for each item. */
const SLOW = 1;
/** The maximum number of fast items per clock check, because a check costs as much as a small item. */
const MAX_ITEMS_PER_LOOK = 16;
/** The number of checks per `sendTimeout` for a client that has exceeded it but may still be receiving. */
const GRACES = 8;

/** Keeps a body alive while its source is quiet. */
export interface Heartbeat {
  /** The time without a write after which it is sent, in milliseconds. */
  readonly interval: number;
  /** The text to send. Clients must ignore it. */
  readonly text: string;
}

export interface ChunkSinkOptions {
  /**
   * The number of bytes that may wait while the client is not reading, not counting the turn in which it stopped. The
   * body is cut above this.
   */
  readonly maxBufferedBytes: number;
  /** The time a write may wait for the client before the body is cut, in milliseconds. `false` disables the limit. */
  readonly sendTimeout: number | false;
  /**
   * Returns true if the client may have received something within the last `sendTimeout` milliseconds without a `drain`
   * event. Its body is then not cut yet. Called only after a write has waited that long. If undefined, the body is cut
   * at once.
   */
  readonly isTaking?: (() => boolean) | undefined;
  /**
   * True if the target passes all writes of a turn to the system together. Up to 64 KiB per turn, and the end of the
   * body, are then written without waiting for the client. @default false
   */
  readonly writesAhead?: boolean | undefined;
  /** Sent whenever nothing else was sent for `interval` milliseconds. */
  readonly heartbeat?: Heartbeat | undefined;
  /** Called with the reason when the body is cut because the client does not read. */
  readonly onOverrun: (reason: string) => void;
}

/**
 * Writes a streamed body. All chunks pushed within one turn of the source are written together, at the end of that turn
 * at the latest. No chunk ever waits for the next one.
 *
 * While the client is not reading, chunks wait here, up to a limit. `ready()` lets pull sources wait.
 */
export class ChunkSink {
  readonly #target: ChunkTarget;
  readonly #options: ChunkSinkOptions;
  /** Text of this turn that has not been written yet. */
  #text = '';
  /** The length that this turn may still write while the target waits for `drain`. */
  #turnLeft = 0;
  #isFlushScheduled = false;
  #isHeadSent = false;

  /** True if the target may hold back some of the written data. */
  #isUnflushed = false;
  /** True while the target waits for `drain`. */
  #isBlocked = false;
  /** True once there is a `drain` listener. Added late, because many bodies never need one. */
  #awaitsDrain = false;
  /** Chunks that wait for `drain`, the oldest at `#queueStart`. */
  #queue: (string | Uint8Array)[] = [];
  #queueStart = 0;
  #queuedBytes = 0;
  /** Queued bytes that were pushed in this turn. */
  #turnBytes = 0;
  /** Queued bytes from earlier turns, except the turn in which the client stopped reading. */
  #overdueBytes = 0;
  /** True if the queue was not empty when this turn began. */
  #isStalled = false;
  #wake: (() => void) | undefined;

  #ending: 'end' | 'cut' | undefined;
  #isClosed = false;
  #sliceStart = 0;
  #isSliceEnding = false;
  #lastLook = 0;
  #itemsPerLook = 1;
  #itemsToLook = 0;
  #sendTimer: NodeJS.Timeout | undefined;
  /** Runs for a client that has exceeded `sendTimeout` but may still be receiving. */
  #graceTimer: NodeJS.Timeout | undefined;
  #heartbeatTimer: NodeJS.Timeout | undefined;

  constructor(target: ChunkTarget, options: ChunkSinkOptions) {
    this.#target = target;
    this.#options = options;
    // The head is sent at the end of this turn even if there is no chunk by then.
    this.#beginTurn();
  }

  /** True if nothing more can be written: the body has ended or was cut, or the client disconnected. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Adds the next chunk of the body. Ignored once the body has ended. */
  push(chunk: string | Uint8Array): void {
    if (this.#isClosed || this.#ending) {
      return;
    }
    if (!this.#isFlushScheduled) {
      this.#beginTurn();
    }
    if (typeof chunk !== 'string') {
      this.#emitText();
      this.#emit(chunk);
    } else {
      this.#text += chunk;
      if (this.#text.length >= CHUNK_LENGTH) {
        this.#emitText();
      }
    }
  }

  /** Returns true if the source may produce its next item now. If false, wait for `ready()` first. */
  takesNext(): boolean {
    this.#itemsToLook -= 1;
    return (
      (!this.#isBlocked || this.#turnLeft > 0) && (this.#itemsToLook > 0 || !this.#hasHadItsSlice())
    );
  }

  /**
   * Resolves when the client has received the waiting chunks, when the event loop has run other work, or when the sink
   * is closed.
   */
  ready(): Promise<void> {
    return this.#isBlocked && !this.#isClosed
      ? new Promise((resolve) => {
          this.#wake = resolve;
        })
      : new Promise((resolve) => {
          setImmediate(() => {
            this.#sliceStart = performance.now();
            this.#lastLook = this.#sliceStart;
            this.#itemsToLook = this.#itemsPerLook + 1;
            resolve();
          });
        });
  }

  /** Ends the body properly, after the client has received the waiting chunks. */
  end(): void {
    this.#finishWith('end');
  }

  /** Cuts the body after the client has received the waiting chunks, so that the client can tell it is incomplete. */
  cut(): void {
    this.#finishWith('cut');
  }

  /** Releases everything. Call it when the client disconnects. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    clearInterval(this.#heartbeatTimer);
    clearTimeout(this.#sendTimer);
    clearTimeout(this.#graceTimer);
    this.#target.off('drain', this.#onDrain);
    this.#text = '';
    this.#queue = [];
    this.#wake?.();
  }

  /** Returns true if the source has used up its time slice. */
  #hasHadItsSlice(): boolean {
    const now = performance.now();
    // A single item may take long, e.g. a file that is read synchronously.
    this.#itemsPerLook =
      now - this.#lastLook > SLOW ? 1 : Math.min(2 * this.#itemsPerLook, MAX_ITEMS_PER_LOOK);
    this.#itemsToLook = this.#itemsPerLook;
    this.#lastLook = now;
    if (this.#sliceStart === 0) {
      this.#sliceStart = now;
    }
    return now - this.#sliceStart >= SLICE;
  }

  #finishWith(ending: 'end' | 'cut'): void {
    if (this.#isClosed || this.#ending) {
      return;
    }
    this.#emitText();
    // The write may have closed the sink.
    if (this.#isClosed) {
      return;
    }
    this.#ending = ending;
    clearInterval(this.#heartbeatTimer);
    if (!this.#isBlocked) {
      this.#finish();
    } else if (ending === 'end' && this.#options.writesAhead && this.#queuedBytes === 0) {
      // `sendTimeout` still applies to the data that was written.
      this.#target.end(() => this.close());
    }
  }

  #finish(): void {
    const target = this.#target;
    const isCut = this.#ending === 'cut';
    this.close();
    if (isCut) {
      if (!this.#isHeadSent) {
        target.flushHeaders?.();
      }
      // Node buffers the writes of this turn, and `destroy()` would drop them.
      setImmediate(() => target.destroy());
    } else {
      target.end();
    }
  }

  #beginTurn(): void {
    this.#isFlushScheduled = true;
    this.#turnLeft = this.#options.writesAhead && !this.#isBlocked ? TURN_LENGTH : 0;
    // Runs after all microtasks, i.e. exactly when an async source really waits.
    process.nextTick(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushScheduled = false;
    if (this.#isClosed) {
      return;
    }
    this.#emitText();
    if (!this.#isHeadSent) {
      this.#isHeadSent = true;
      this.#target.flushHeaders?.();
    }
    this.#flushTarget();
    this.#startHeartbeat();
    if (this.#isBlocked) {
      this.#turnLeft = 0;
    }
    this.#endSliceWithTurn();
  }

  /**
   * Gives a source that really waits a new time slice. Not before the next turn of the event loop: with a fast client,
   * each write drains and the source continues within the same turn.
   */
  #endSliceWithTurn(): void {
    if (this.#sliceStart !== 0 && !this.#isSliceEnding) {
      this.#isSliceEnding = true;
      setImmediate(() => {
        this.#isSliceEnding = false;
        this.#sliceStart = 0;
      });
    }
  }

  /** Starts after the first turn, because many bodies are complete by then. */
  #startHeartbeat(): void {
    const { heartbeat } = this.#options;
    if (heartbeat && !this.#heartbeatTimer && !this.#ending) {
      this.#heartbeatTimer = setInterval(() => this.#beat(heartbeat.text), heartbeat.interval);
    }
  }

  #flushTarget(): void {
    // A blocked target would collect one flush per turn.
    if (this.#isUnflushed && !this.#isBlocked) {
      this.#isUnflushed = false;
      this.#target.flush?.();
    }
  }

  #emitText(): void {
    if (this.#text !== '') {
      const text = this.#text;
      this.#text = '';
      this.#emit(text);
    }
  }

  #emit(chunk: string | Uint8Array): void {
    if (this.#isBlocked && this.#turnLeft <= 0) {
      this.#enqueue(chunk);
    } else {
      this.#turnLeft -= chunk.length;
      this.#write(chunk);
    }
  }

  #write(chunk: string | Uint8Array): void {
    this.#isHeadSent = true;
    this.#isUnflushed = true;
    this.#heartbeatTimer?.refresh();
    if (!this.#target.write(chunk) && !this.#isBlocked) {
      this.#block();
    }
  }

  #block(): void {
    this.#isBlocked = true;
    if (!this.#awaitsDrain) {
      this.#awaitsDrain = true;
      this.#target.on('drain', this.#onDrain);
    }
    const { sendTimeout } = this.#options;
    if (sendTimeout !== false) {
      this.#sendTimer?.refresh();
      this.#sendTimer ??= setTimeout(() => this.#onSendTimeout(sendTimeout), sendTimeout);
    }
  }

  readonly #onDrain = (): void => {
    this.#isBlocked = false;
    clearTimeout(this.#graceTimer);
    while (!this.#isBlocked && this.#queueStart < this.#queue.length) {
      this.#write(this.#dequeue());
    }
    if (this.#isBlocked || this.#isClosed) {
      return;
    }
    this.#isStalled = false;
    if (this.#ending) {
      this.#finish();
    } else {
      this.#flushTarget();
      this.#wake?.();
    }
  };

  #enqueue(chunk: string | Uint8Array): void {
    const { maxBufferedBytes } = this.#options;
    if (this.#overdueBytes > maxBufferedBytes) {
      this.#overrun(`more than ${maxBufferedBytes} bytes wait for it (streams.maxBufferedBytes)`);
      return;
    }
    if (this.#turnBytes === 0) {
      setImmediate(() => this.#countTurn());
    }
    const bytes = Buffer.byteLength(chunk);
    // Encode text that is not ASCII, because a single "€" makes the whole string take two bytes per character while it
    // waits.
    this.#queue.push(bytes === chunk.length ? chunk : Buffer.from(chunk as string));
    this.#queuedBytes += bytes;
    this.#turnBytes += bytes;
  }

  /** A burst is complete before its first chunk can be written, so its own turn says nothing about the client. */
  #countTurn(): void {
    this.#overdueBytes = this.#isStalled
      ? Math.min(this.#overdueBytes + this.#turnBytes, this.#queuedBytes)
      : 0;
    this.#isStalled = this.#queuedBytes > 0;
    this.#turnBytes = 0;
  }

  #dequeue(): string | Uint8Array {
    const chunk = this.#queue[this.#queueStart++] as string | Uint8Array;
    this.#queuedBytes -= Buffer.byteLength(chunk);
    this.#overdueBytes = Math.min(this.#overdueBytes, this.#queuedBytes);
    // Removed in batches, because `shift()` would move all waiting chunks each time.
    if (this.#queueStart === this.#queue.length) {
      this.#queue = [];
      this.#queueStart = 0;
    } else if (this.#queueStart === 1024) {
      this.#queue.splice(0, this.#queueStart);
      this.#queueStart = 0;
    }
    return chunk;
  }

  #beat(text: string): void {
    // A blocked client would receive many of them later. `sendTimeout` covers this case.
    if (!this.#isBlocked) {
      this.push(text);
    }
  }

  #onSendTimeout(sendTimeout: number): void {
    if (!this.#isBlocked) {
      return;
    }
    if (this.#options.isTaking?.()) {
      this.#graceTimer = setTimeout(() => this.#onSendTimeout(sendTimeout), sendTimeout / GRACES);
    } else {
      this.#overrun(`it took nothing for ${sendTimeout} ms (streams.sendTimeout)`);
    }
  }

  #overrun(reason: string): void {
    this.close();
    this.#options.onOverrun(reason);
    this.#target.destroy();
  }
}
