/** How a declared media type is made of what a handler returns; undefined: as Nest answers it. */
export type MediaKind = 'event-stream' | 'ndjson' | 'json' | 'html' | 'text';

const KINDS = new Map<string, MediaKind>([
  ['text/event-stream', 'event-stream'],
  ['application/x-ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['application/json', 'json'],
  ['text/html', 'html'],
  ['text/plain', 'text'],
]);

/** The kind of a media type, whatever its parameters. */
export function mediaKind(mediaType: string): MediaKind | undefined {
  const essence = essenceOf(mediaType);
  return essence.endsWith('+json') ? 'json' : KINDS.get(essence);
}

/** A media type without its parameters. */
export function essenceOf(mediaType: string): string {
  const [essence = ''] = mediaType.split(';', 1);
  return essence.trim().toLowerCase();
}

/** Whether a body of this kind is streamed, item by item. */
export function isStreamKind(kind: MediaKind | undefined): kind is 'event-stream' | 'ndjson' {
  return kind === 'event-stream' || kind === 'ndjson';
}
