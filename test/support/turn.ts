/** Settles once the event loop has come round: what was due by the end of this turn has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Settles as soon as `isTrue` is, after as many turns as that takes; the time limit of the test is its own. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await turn();
  }
}
