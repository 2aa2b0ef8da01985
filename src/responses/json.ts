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
      `JSON cannot hold ${path ? `"${path}"` : 'the value'}: ${(error as Error).message}`,
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

/** The path of the first value that `JSON.stringify()` fails on, found by asking it of ever smaller parts. */
function findCulprit(value: unknown): string {
  const path: string[] = [];
  const seen = new Set<unknown>();
  let current: unknown = value;
  while (typeof current === 'object' && current !== null && !seen.has(current)) {
    seen.add(current);
    const failing = Object.entries(current).find(([, part]) => !isWritable(part));
    if (!failing) {
      break;
    }
    const [key, part] = failing;
    path.push(Array.isArray(current) ? `[${key}]` : `${path.length > 0 ? '.' : ''}${key}`);
    current = part;
  }
  return path.join('');
}

function isWritable(part: unknown): boolean {
  try {
    JSON.stringify(part);
    return true;
  } catch {
    return false;
  }
}
