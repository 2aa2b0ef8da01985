import { afterEach } from 'vitest';

/** Clean-up functions to run after a test, the last one first. */
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
