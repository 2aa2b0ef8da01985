/**
 * Why `collectEvents()` or `collectNDJSON()` did not get the whole of a stream: the response is none, its body was cut or
 * is malformed, or the signal was aborted.
 *
 * @publicApi
 */
export class CollectError<TItem = unknown> extends Error {
  /** By which it is told from other errors. */
  override readonly name = 'CollectError';

  /** @param received what arrived before, in order */
  constructor(
    message: string,
    readonly received: readonly TItem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
