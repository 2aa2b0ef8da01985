import { withoutPositions } from './json-path.js';

/**
 * One thing in a value that is not as its schema says. Never holds the value itself.
 *
 * @publicApi
 */
export interface Violation {
  /** Where, as a JSONPath (RFC 9535): `$.items[3].name`; `$` is the value itself. */
  readonly path: string;

  /** What is wrong there: `must be string`. */
  readonly message: string;
}

/** Each of `violations` once, in their order. */
export function distinct(violations: readonly Violation[]): Violation[] {
  return [
    ...new Map(
      violations.map((violation) => [`${violation.path} ${violation.message}`, violation]),
    ).values(),
  ];
}

/** The same for all items of a list, each once. */
export function summary(violations: readonly Violation[]): Violation[] {
  return distinct(
    violations.map(({ path, message }) => ({ path: withoutPositions(path), message })),
  );
}
