/** The engine of an event log cannot be reached for the moment; `cause` is why. @publicApi */
export class EventLogUnavailableError extends Error {
  /** Tells this error from others in a log. */
  override readonly name = 'EventLogUnavailableError';
}
