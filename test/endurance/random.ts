/** Returns pseudo-random numbers from 0 to 1, the same for the same seed, so that failures can be reproduced. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // A linear congruential generator modulo 2^32. Its high bits are good enough here.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
