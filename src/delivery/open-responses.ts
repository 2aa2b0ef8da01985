import { Injectable } from '@nestjs/common';
import type { OpenBody } from '../responses/services.js';

/** What is being sent now, and the work that goes on after it. */
@Injectable()
export class OpenResponses {
  readonly #bodies = new Set<OpenBody>();
  readonly #tasks = new Set<Promise<void>>();
  #isShuttingDown = false;
  #deadline: number | undefined;
  #whenEmpty: (() => void) | undefined;

  /** Whether the application is being shut down. */
  get isShuttingDown(): boolean {
    return this.#isShuttingDown;
  }

  /** The bodies that are being sent. */
  get bodies(): Iterable<OpenBody> {
    return this.#bodies;
  }

  /** Counts a streamed body as open; it is ended when the application shuts down, at once if it already does. */
  readonly onShutdown = (body: OpenBody): (() => void) => {
    this.#bodies.add(body);
    if (this.#isShuttingDown) {
      body.end();
    }
    return () => {
      this.#bodies.delete(body);
      this.#checkEmpty();
    };
  };

  /** Counts work as running until it settles; it must not reject. */
  track(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => {
      this.#tasks.delete(task);
      this.#checkEmpty();
    });
  }

  /**
   * Ends what is open, and settles once all of it is sent and all work is done, or after `timeout` milliseconds: what is
   * not sent by then is cut, as its connection would keep the server, and so the process, for as long as it likes.
   *
   * Called once more, it waits for what has come since, in the time that the first call left; what that one has waited
   * for in vain is given up.
   */
  async shutdown(timeout: number): Promise<{ streams: number; tasks: number }> {
    this.#isShuttingDown = true;
    this.#deadline ??= performance.now() + timeout;
    const timeLeft = Math.max(0, this.#deadline - performance.now());
    for (const body of this.#bodies) {
      body.end();
    }
    if (this.#bodies.size + this.#tasks.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeLeft);
        this.#whenEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const left = { streams: this.#bodies.size, tasks: this.#tasks.size };
    for (const body of this.#bodies) {
      body.cut();
    }
    this.#tasks.clear();
    return left;
  }

  #checkEmpty(): void {
    if (this.#bodies.size + this.#tasks.size === 0) {
      this.#whenEmpty?.();
    }
  }
}
