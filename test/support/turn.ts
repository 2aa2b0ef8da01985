/** Resolves after one turn of the event loop, when everything due in this turn has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Resolves as soon as `isTrue` returns true, after any number of turns. Only the test's own time limit applies. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await turn();
  }
}
