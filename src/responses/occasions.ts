/** The number of examinations in a row without a finding after which they become rare. */
const PATIENCE = 100;
/** After that, one of this many occasions is examined. */
const RARITY = 100;
/** The maximum number of keys. Occasions of other keys are not examined. */
const MAX_KEYS = 10_000;

/**
 * Decides when to examine content, because examining costs more than sending. Examines every occasion of a key until
 * 100 in a row have found nothing new, then one in 100.
 */
export class Occasions {
  readonly #idle = new Map<string, number>();

  /** Returns true if this occasion of `key` should be examined. */
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
