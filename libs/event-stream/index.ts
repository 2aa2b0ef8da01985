export { isServerSentEvent, ServerSentEvent } from './server-sent-event.js';
export type { ServerSentEventInit, MessageEventLike } from './server-sent-event.js';
export { encodeEvent } from './encode-event.js';
export type { EventFields } from './encode-event.js';
