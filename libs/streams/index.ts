export { ChunkSink } from './chunk-sink.js';
export type { ChunkSinkOptions, Heartbeat } from './chunk-sink.js';
export type { ChunkTarget } from './chunk-target.js';
export { feed, release } from './feed.js';
export type { Chunk, FeedHandlers } from './feed.js';
export { LazyStream } from './lazy-stream.js';
export { isStreamContent } from './source.js';
export type { StreamContent } from './source.js';
