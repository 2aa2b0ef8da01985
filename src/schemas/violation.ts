import { withoutPositions } from './json-path.js';

/**
 * A part of a value that does not match its schema. Never contains the value itself.
 *
 * @publicApi
 */
export interface Violation {
  /** The place as a JSONPath (RFC 9535), e.g. `$.items[3].name`. `$` is the value itself. */
  readonly path: string;

  /** The problem: `must be string`. */
  readonly message: string;
}

/** Removes duplicates from `violations`. Keeps their order. */
export function distinct(violations: Iterable<Violation>): Violation[] {
  const told = new Map<string, Violation>();
  for (const violation of violations) {
    told.set(`${violation.path} ${violation.message}`, violation);
  }
  return [...told.values()];
}

/** Reduces `violations` to one for all items of a list. */
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
