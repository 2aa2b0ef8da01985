/** The engine of an event log cannot be reached for the moment; `cause` is why. @publicApi */
export class EventLogUnavailableError extends Error {
  override readonly name = 'EventLogUnavailableError';
}
