import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Parses the events that a client dispatches. The order and the spacing of fields may differ. */
export function readEvents(body: Buffer): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', ...rest }) => events.push({ event, ...rest }),
  });
  parser.feed(body.toString());
  return events;
}
