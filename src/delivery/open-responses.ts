import { Injectable } from '@nestjs/common';

/** What is being sent now, and the work that goes on after it. */
@Injectable()
export class OpenResponses {
  readonly #ends = new Set<() => void>();
  readonly #tasks = new Set<Promise<void>>();
  #isShuttingDown = false;
  #whenEmpty: (() => void) | undefined;

  /** Counts a streamed body as open; `end` ends it when the application shuts down, at once if it already does. */
  readonly onShutdown = (end: () => void): (() => void) => {
    this.#ends.add(end);
    if (this.#isShuttingDown) {
      end();
    }
    return () => {
      this.#ends.delete(end);
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

  /** Ends what is open, and settles once all of it is sent and all work is done, or after `timeout` milliseconds. */
  async shutdown(timeout: number): Promise<{ streams: number; tasks: number }> {
    this.#isShuttingDown = true;
    for (const end of this.#ends) {
      end();
    }
    if (this.#ends.size + this.#tasks.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeout);
        this.#whenEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return { streams: this.#ends.size, tasks: this.#tasks.size };
  }

  #checkEmpty(): void {
    if (this.#ends.size + this.#tasks.size === 0) {
      this.#whenEmpty?.();
    }
  }
}
