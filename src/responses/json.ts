/** How many members of members a path names at most: each costs as much as writing what lies in it. */
const MAX_PATH_LENGTH = 32;

/** Writes JSON, as `JSON.stringify()` does; undefined for what JSON has no form for, e.g. a function. */
export type Stringify = (value: unknown) => string | undefined;

/**
 * The JSON text of a value; that of `undefined` is `null`.
 *
 * Throws a `TypeError` that names where in the value lies what JSON cannot hold, e.g. `items[3].id`, and why.
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
    throw new TypeError(
      `JSON has no form for a ${typeof value}. Return a value that it has one for.`,
    );
  }
  return text;
}

/** Writes on a single line what `stringify` may indent. Between tokens alone can a line end. Source: RFC 8259, section 2. */
export function onOneLine(stringify: Stringify): Stringify {
  return (value) => stringify(value)?.replaceAll(/[\r\n]\s*/g, '');
}

/** The path of the first value that `JSON.stringify()` fails on, found by asking it of ever smaller parts. */
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

/** What a member holds; undefined for one that cannot be read, e.g. a getter that throws. */
function read(part: () => unknown): unknown {
  try {
    return part();
  } catch {
    return undefined;
  }
}

/** Marks JSON text, so that text of a second loaded copy of this package is recognised too. */
const JSON_TEXT = Symbol.for('nestjs-responses:json-text');

/** A value whose JSON text is there already. */
export class JSONText {
  static {
    Object.defineProperty(this.prototype, JSON_TEXT, { value: true });
  }

  constructor(readonly text: string) {}
}

/** True for a `JSONText`, also for one of another loaded copy of this package. */
export function isJSONText(value: unknown): value is JSONText {
  return (
    value instanceof JSONText || (typeof value === 'object' && value !== null && JSON_TEXT in value)
  );
}
