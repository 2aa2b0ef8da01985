import { describe, expect, it } from 'vitest';
import { isStreamKind, mediaKind } from './media-kind.js';

describe('mediaKind', () => {
  it.each<[mediaType: string, kind: ReturnType<typeof mediaKind>, isStream: boolean]>([
    ['text/event-stream', 'event-stream', true],
    ['application/x-ndjson', 'ndjson', true],
    ['application/jsonl', 'ndjson', true],
    ['text/html', 'html', false],
    ['text/plain', 'text', false],
    ['Text/HTML; charset=utf-8', 'html', false],
    ['text/event-stream;charset=utf-8', 'event-stream', true],
    [' text/plain ', 'text', false],
    ['application/json', 'json', false],
    ['application/octet-stream', undefined, false],
    ['text/event-streams', undefined, false],
    ['constructor', undefined, false],
    ['__proto__', undefined, false],
    ['', undefined, false],
  ])('of %j is %j, streamed: %j', (mediaType, kind, isStream) => {
    expect(mediaKind(mediaType)).toBe(kind);
    expect(isStreamKind(mediaKind(mediaType))).toBe(isStream);
  });
});
