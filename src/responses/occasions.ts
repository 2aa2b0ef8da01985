/** So many times in a row nothing new has to be found before an examination becomes rare. */
const PATIENCE = 100;
/** After that, one of so many times is taken. */
const RARITY = 100;
/** So many keys are remembered; others are not examined. */
const MAX_KEYS = 10_000;

/**
 * Decides when to examine what is sent a second time, which costs more than sending it. Per key, every occasion is taken
 * until nothing new was found 100 times in a row, and one of 100 from then on.
 */
export class Occasions {
  readonly #idle = new Map<string, number>();

  /** Returns true if this occasion of `key` is to be taken. */
  take(key: string): boolean {
    const idle = this.#idle.get(key) ?? 0;
    if (idle === 0 && this.#idle.size >= MAX_KEYS) {
      return false;
    }
    this.#idle.set(key, idle + 1);
    return idle < PATIENCE || idle % RARITY === 0;
  }

  /** Records that something new was found. */
  found(key: string): void {
    this.#idle.set(key, 0);
  }
}
