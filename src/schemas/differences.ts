import { jsonPath } from './json-path.js';
import type { Violation } from './violation.js';

/** The message of a property that a schema does not declare. */
export const OMITTED = 'is not declared, and would be left out';

/** Yields the differences between `declared`, which a schema would send, and `sent`. Both are parsed from JSON. */
export function* differences(
  sent: unknown,
  declared: unknown,
  path: readonly PropertyKey[] = [],
): Generator<Violation> {
  if (Array.isArray(sent) && Array.isArray(declared)) {
    for (let index = 0; index < Math.max(sent.length, declared.length); index++) {
      yield* differences(sent[index], declared[index], [...path, index]);
    }
  } else if (isObject(sent) && isObject(declared)) {
    for (const name of new Set([...Object.keys(sent), ...Object.keys(declared)])) {
      const here = [...path, name];
      if (!Object.hasOwn(declared, name)) {
        yield { path: jsonPath(here), message: OMITTED };
      } else if (Object.hasOwn(sent, name)) {
        yield* differences(sent[name], declared[name], here);
      } else {
        yield { path: jsonPath(here), message: 'is declared, and would be added' };
      }
    }
  } else if (sent !== declared) {
    yield { path: jsonPath(path), message: 'would be written otherwise' };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
