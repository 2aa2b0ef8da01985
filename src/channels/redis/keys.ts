const PREFIX = 'nestjs-responses';

/** The keys of a channel: its stream, and its place, the id of its last entry. Different for different names. */
export function keysOf(channel: string): { readonly stream: string; readonly place: string } {
  // Redis is sent UTF-8, which has no form for half of a surrogate pair: all of them would be one replacement character.
  const name = channel.replace(
    /[%\p{Surrogate}]/gu,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return { stream: `${PREFIX}:events:${name}`, place: `${PREFIX}:place:${name}` };
}

/** The key of the stream by which a process wakes its own reader. */
export function wakeKey(reader: string): string {
  return `${PREFIX}:wake:${reader}`;
}
