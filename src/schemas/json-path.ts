const SHORTHAND = /^[A-Za-z_$][\w$]*$/;
const MAX_NAME_LENGTH = 100;

/**
 * Returns the JSONPath (RFC 9535) of `segments`. Numbers are array indexes, strings are property names. Names that are
 * not identifiers are quoted as in JSON, so that they cannot break a log line, and truncated after 100 characters.
 */
export function jsonPath(segments: Iterable<PropertyKey>): string {
  let path = '$';
  for (const segment of segments) {
    path += typeof segment === 'number' ? `[${segment}]` : nameSelector(String(segment));
  }
  return path;
}

/** Replaces every array index of `path` with `[*]`, so that all items of a list have the same path. */
export function withoutPositions(path: string): string {
  return path.replace(/"(?:[^"\\]|\\.)*"|\[\d+\]/g, (part) =>
    part.startsWith('[') ? '[*]' : part,
  );
}

function nameSelector(name: string): string {
  if (name.length > MAX_NAME_LENGTH) {
    return `[${JSON.stringify(`${name.slice(0, MAX_NAME_LENGTH)}…`)}]`;
  }
  return SHORTHAND.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
