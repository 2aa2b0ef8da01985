import type { ChunkTarget } from './chunk-target.js';

/** How much text is brought together before it is written, in UTF-16 code units. */
const CHUNK_LENGTH = 16 * 1024;
/**
 * How much of a turn is written without waiting for the client, in UTF-16 code units, so that the system is given it at
 * once: as much as Node keeps of a response by its defaults from version 22 on.
 */
const TURN_LENGTH = 64 * 1024;
/** How long a source that never waits may keep the event loop, in milliseconds. */
const SLICE = 5;
/** Milliseconds from one look at the clock to the next that make items slow: each has a look of its own then. */
const SLOW = 1;
/** How many quick items a look may stand for, as one costs as much as a small item. */
const MAX_ITEMS_PER_LOOK = 16;
/** How often in a `sendTimeout` a client is asked after that is past it and may be taking something. */
const GRACES = 8;

/** What keeps a body alive while its source is quiet. */
export interface Heartbeat {
  /** Silence after which it is sent, in milliseconds. */
  readonly interval: number;
  /** What is sent, which the client ignores. */
  readonly text: string;
}

export interface ChunkSinkOptions {
  /**
   * How much may wait for a client that is not reading, in bytes, beyond what came in the turn in which it stopped.
   * Past it the body is cut.
   */
  readonly maxBufferedBytes: number;
  /** How long a write may wait for the client before the body is cut, in milliseconds; `false`: for good. */
  readonly sendTimeout: number | false;
  /**
   * Whether the client may have taken something within the last `sendTimeout` milliseconds that no `drain` tells of, so
   * that it is not cut yet. Asked only when a write has waited for that long; without it, none has.
   */
  readonly isTaking?: (() => boolean) | undefined;
  /**
   * Whether the target hands what is written within a turn to the system together, so that 64 KiB of it are written
   * without waiting for the client, and so is the end. @default false
   */
  readonly writesAhead?: boolean | undefined;
  /** What is sent whenever nothing was for `interval` milliseconds. */
  readonly heartbeat?: Heartbeat | undefined;
  /** Told why the body is cut: the client does not read. */
  readonly onOverrun: (reason: string) => void;
}

/**
 * Writes a streamed body. What is pushed within one turn of the source leaves as one write, at the end of that turn at
 * the latest, so that nothing is ever delayed by what comes after it.
 *
 * While the client is not reading, what is pushed waits here, in bounds; `ready()` lets a source that can wait do so.
 */
export class ChunkSink {
  readonly #target: ChunkTarget;
  readonly #options: ChunkSinkOptions;
  /** Text of this turn that is not written yet. */
  #text = '';
  /** How much more of this turn may be written while the client is waited for. */
  #turnLeft = 0;
  #isFlushScheduled = false;
  #isHeadSent = false;

  /** Whether the target may hold back some of what was written. */
  #isUnflushed = false;
  /** Whether the target asked to wait for its `drain`. */
  #isBlocked = false;
  /** Whether it has done so before, as that of many a body never does. */
  #awaitsDrain = false;
  /** What waits for the `drain`, the oldest at `#queueStart`. */
  #queue: (string | Uint8Array)[] = [];
  #queueStart = 0;
  #queuedBytes = 0;
  /** How much of it came in this turn. */
  #turnBytes = 0;
  /** How much of it came in earlier turns, save the one in which the client stopped reading. */
  #overdueBytes = 0;
  /** Whether something was waiting already when this turn began. */
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
  /** Runs for a client that is past its time, and may be taking something. */
  #graceTimer: NodeJS.Timeout | undefined;
  #heartbeatTimer: NodeJS.Timeout | undefined;

  constructor(target: ChunkTarget, options: ChunkSinkOptions) {
    this.#target = target;
    this.#options = options;
    // The head leaves at the end of this turn even if no chunk has come by then.
    this.#beginTurn();
  }

  /** Whether nothing more can be written: the body has ended or was cut, or the client is gone. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Takes the next piece of the body; dropped once the body has ended. */
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

  /** Whether a source that can wait may produce its next item; otherwise it waits for `ready()`. Asked for each item. */
  takesNext(): boolean {
    this.#itemsToLook -= 1;
    return (
      (!this.#isBlocked || this.#turnLeft > 0) && (this.#itemsToLook > 0 || !this.#hasHadItsSlice())
    );
  }

  /**
   * Settles when a client that was not reading has taken what waits for it, or when others have had the event loop. Settles
   * as well once the sink is closed.
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

  /** Ends the body properly, once the client has taken what waits for it. */
  end(): void {
    this.#finishWith('end');
  }

  /** Cuts the body, so that it is not taken for the whole, once the client has taken what came before. */
  cut(): void {
    this.#finishWith('cut');
  }

  /** Lets go of everything: the client is gone. */
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

  /** Whether the source has kept the event loop for as long as it may. */
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
    // The emitted text may have found the client gone.
    if (this.#isClosed) {
      return;
    }
    this.#ending = ending;
    clearInterval(this.#heartbeatTimer);
    if (!this.#isBlocked) {
      this.#finish();
    } else if (ending === 'end' && this.#options.writesAhead && this.#queuedBytes === 0) {
      // The client still has its time to take what was written.
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
      // Node holds back what was written in this turn, and would drop it.
      setImmediate(() => target.destroy());
    } else {
      target.end();
    }
  }

  #beginTurn(): void {
    this.#isFlushScheduled = true;
    this.#turnLeft = this.#options.writesAhead && !this.#isBlocked ? TURN_LENGTH : 0;
    // Runs once the microtasks have run dry, so exactly when an async source really waits.
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
   * A source that really waits has a slice for what comes next. No sooner than the event loop turns, as a client that reads
   * fast has each write drain, and the source go on, within the same turn.
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

  /** Once the first turn is over, as many a body is done by then. */
  #startHeartbeat(): void {
    const { heartbeat } = this.#options;
    if (heartbeat && !this.#heartbeatTimer && !this.#ending) {
      this.#heartbeatTimer = setInterval(() => this.#beat(heartbeat.text), heartbeat.interval);
    }
  }

  #flushTarget(): void {
    // One that waits for the client would collect a flush for each turn.
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
    // Text that is not ASCII alone takes up to two bytes a character while it waits, e.g. all of it for a single "€".
    this.#queue.push(bytes === chunk.length ? chunk : Buffer.from(chunk as string));
    this.#queuedBytes += bytes;
    this.#turnBytes += bytes;
  }

  /** A burst is complete before the first of it can be written, so that its own turn proves nothing about the client. */
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
    // Taken off in one go, as `shift()` would move all that waits each time.
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
    // A client that does not read would find a heap of them, and has `sendTimeout` to be told by.
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
