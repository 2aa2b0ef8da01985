const SHORTHAND = /^[A-Za-z_$][\w$]*$/;
const MAX_NAME_LENGTH = 100;

/**
 * The JSONPath (RFC 9535) of what lies at `segments`: numbers are positions in an array, strings are property names.
 * A name that is no identifier is quoted as in JSON, so that none can break a log line, and cut after 100 characters.
 */
export function jsonPath(segments: Iterable<PropertyKey>): string {
  let path = '$';
  for (const segment of segments) {
    path += typeof segment === 'number' ? `[${segment}]` : nameSelector(String(segment));
  }
  return path;
}

/** `path` with every position in an array as `[*]`: the same for all items of a list. */
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
