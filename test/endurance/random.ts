/** Numbers from 0 to 1 that look random and are the same for the same seed, so that what fails can be run again. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // A linear congruential generator modulo 2^32, whose high bits are good enough to choose by.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
