import { Injectable } from '@nestjs/common';
import type { OpenBody } from '../responses/services.js';

/** The response bodies that are being sent, and the background tasks that are running. */
@Injectable()
export class OpenResponses {
  readonly #bodies = new Set<OpenBody>();
  readonly #tasks = new Set<Promise<void>>();
  #isShuttingDown = false;
  #deadline: number | undefined;
  #whenEmpty: (() => void) | undefined;

  /** True once the application is shutting down. */
  get isShuttingDown(): boolean {
    return this.#isShuttingDown;
  }

  /** The bodies that are being sent now. */
  get bodies(): Iterable<OpenBody> {
    return this.#bodies;
  }

  /** Registers a body to be ended on shutdown. Ends it immediately if the application is already shutting down. */
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

  /** Counts a task as running until it settles. It must not reject. */
  track(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => {
      this.#tasks.delete(task);
      this.#checkEmpty();
    });
  }

  /**
   * Ends all open bodies. Resolves once they have been sent and all tasks are done, or after `timeout` milliseconds.
   * Bodies that are not sent by then are cut, because their connections would keep the server and the process alive.
   *
   * A further call waits for bodies and tasks that were added since, within the time left of the first call. It does
   * not wait again for those that the first call gave up on.
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
