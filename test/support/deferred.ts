/** A promise, and what settles it. */
export interface Deferred<TValue> {
  readonly promise: Promise<TValue>;
  readonly resolve: (value: TValue) => void;
}

/** As `Promise.withResolvers()`, which Node 20 lacks. */
export function deferred<TValue = void>(): Deferred<TValue> {
  let settle: (value: TValue) => void = () => undefined;
  const promise = new Promise<TValue>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}
