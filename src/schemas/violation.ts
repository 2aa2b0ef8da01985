import { withoutPositions } from './json-path.js';

/**
 * One thing in a value that is not as its schema says. Never holds the value itself.
 *
 * @publicApi
 */
export interface Violation {
  /** Where, as a JSONPath (RFC 9535): `$.items[3].name`; `$` is the value itself. */
  readonly path: string;

  /** The problem: `must be string`. */
  readonly message: string;
}

/** Each of `violations` once, in their order. */
export function distinct(violations: Iterable<Violation>): Violation[] {
  const told = new Map<string, Violation>();
  for (const violation of violations) {
    told.set(`${violation.path} ${violation.message}`, violation);
  }
  return [...told.values()];
}

/** Each of `violations` once for all items of a list, however many it has. */
export function summary(...violations: Iterable<Violation>[]): Violation[] {
  return distinct(withoutItems(violations));
}

function* withoutItems(violations: Iterable<Violation>[]): Generator<Violation> {
  for (const some of violations) {
    for (const { path, message } of some) {
      yield { path: withoutPositions(path), message };
    }
  }
}
