export { ChannelEndedError } from './channel-ended.error.js';
export { ChannelFollower } from './channel-follower.js';
export type { FollowerItems, FollowStart, LogGap } from './channel-follower.js';
export { ChannelTails } from './channel-tails.js';
export type { EventLog, LogEntry, LogPage, LogRecord } from './event-log.js';
export { EventLogUnavailableError } from './event-log-unavailable.error.js';
export { MemoryEventLog } from './memory-event-log.js';
export { checkRetention, PLACE_AGE } from './retention.js';
export type { Retention } from './retention.js';
