/** The maximum depth of a reported path. Each level costs as much as writing the value below it. */
const MAX_PATH_LENGTH = 32;

/** Writes JSON, like `JSON.stringify()`. Returns undefined for a value that JSON cannot represent, e.g. a function. */
export type Stringify = (value: unknown) => string | undefined;

/**
 * Returns the JSON text of a value. `undefined` becomes `null`.
 *
 * Throws a `TypeError` if JSON cannot represent the value. The message names the path, e.g. `items[3].id`, and the
 * reason.
 */
export function writeJSON(value: unknown, stringify: Stringify = JSON.stringify): string {
  let text: string | undefined;
  try {
    text = stringify(value === undefined ? null : value);
  } catch (error) {
    const path = findCulprit(value);
    throw new TypeError(
      `JSON cannot hold ${path ? `"${path}"` : 'the value'}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  if (text === undefined) {
    throw new TypeError(`JSON cannot represent a ${typeof value}. Return a value that it can.`);
  }
  return text;
}

/** Removes the line breaks of `stringify`. JSON has them only between tokens. Source: RFC 8259, section 2. */
export function onOneLine(stringify: Stringify): Stringify {
  return (value) => stringify(value)?.replaceAll(/[\r\n]\s*/g, '');
}

/** Finds the path of the first value that `JSON.stringify()` fails on, by trying ever smaller parts. */
function findCulprit(value: unknown): string {
  const path: string[] = [];
  const seen = new Set<unknown>();
  let current: unknown = value;
  while (isObject(current) && !seen.has(current) && path.length < MAX_PATH_LENGTH) {
    seen.add(current);
    const holder = current;
    const key = Object.keys(holder).find((name) => !isWritable(() => holder[name]));
    if (key === undefined) {
      break;
    }
    path.push(Array.isArray(holder) ? `[${key}]` : `${path.length > 0 ? '.' : ''}${key}`);
    current = read(() => holder[key]);
  }
  return path.join('');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isWritable(part: () => unknown): boolean {
  try {
    JSON.stringify(part());
    return true;
  } catch {
    return false;
  }
}

/** Returns the value of a member, or undefined if it cannot be read, e.g. because a getter throws. */
function read(part: () => unknown): unknown {
  try {
    return part();
  } catch {
    return undefined;
  }
}

/** Marks JSON text, so that instances from a second loaded copy of this package are recognised. */
const JSON_TEXT = Symbol.for('nestjs-responses:json-text');

/** A value whose JSON text has already been written. */
export class JSONText {
  static {
    Object.defineProperty(this.prototype, JSON_TEXT, { value: true });
  }

  constructor(readonly text: string) {}
}

/** True for a `JSONText`, even from another loaded copy of this package. */
export function isJSONText(value: unknown): value is JSONText {
  return (
    value instanceof JSONText || (typeof value === 'object' && value !== null && JSON_TEXT in value)
  );
}
