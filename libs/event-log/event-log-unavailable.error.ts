/** Thrown while the engine of an event log cannot be reached. `cause` is the reason. @publicApi */
export class EventLogUnavailableError extends Error {
  /** The name of this error. */
  override readonly name = 'EventLogUnavailableError';
}
