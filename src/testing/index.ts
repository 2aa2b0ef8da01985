/**
 * Helpers to read streams in the tests of an application.
 *
 * @module nestjs-responses/testing
 */
export { CollectError } from './collect.error.js';
export type { CollectOptions } from './collect.js';
export { collectEvents } from './collect-events.js';
export type { CollectedEvent, CollectEventsOptions } from './collect-events.js';
export { collectNDJSON } from './collect-ndjson.js';
export type {
  FetchedResponse,
  InjectedResponse,
  StreamedResponse,
  SupertestResponse,
} from './streamed-response.js';
