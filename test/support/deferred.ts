/** A promise with the functions that settle it. */
export interface Deferred<TValue> {
  readonly promise: Promise<TValue>;
  readonly resolve: (value: TValue) => void;
}

/** Like `Promise.withResolvers()`, which Node 20 does not have. */
export function deferred<TValue = void>(): Deferred<TValue> {
  let settle: (value: TValue) => void = () => undefined;
  const promise = new Promise<TValue>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}
