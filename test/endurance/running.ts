import { afterEach } from 'vitest';

/** What is stopped once a test is done, the last started first. */
export class Running {
  readonly #stops: (() => unknown)[] = [];

  constructor() {
    afterEach(async () => {
      for (const stop of this.#stops.splice(0).toReversed()) {
        await stop();
      }
    });
  }

  add(stop: () => unknown): void {
    this.#stops.push(stop);
  }
}
