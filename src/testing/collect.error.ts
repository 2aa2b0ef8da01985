/**
 * Thrown if `collectEvents()` or `collectNDJSON()` cannot read a whole stream: the response is not a stream, its body
 * was cut or is malformed, or the signal was aborted.
 *
 * @publicApi
 */
export class CollectError<TItem = unknown> extends Error {
  /** The name of this error. */
  override readonly name = 'CollectError';

  /** @param received the items that arrived before the failure, in order */
  constructor(
    message: string,
    readonly received: readonly TItem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
