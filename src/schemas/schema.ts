import type { Violation } from './violation.js';

/** A declared type, ready to validate and serialize values. */
export interface Schema {
  /** The declared type as messages name it: `Puppy`, `Puppy[]`, `zod schema`. */
  readonly name: string;

  /**
   * Validates `value` and returns the declared part of it as JSON. Does not change `value`. Returns a promise only if a
   * Standard Schema does.
   *
   * @throws SerializationException with every violation, if `value` does not conform
   */
  serialize(value: unknown): string | Promise<string>;

  /**
   * The same as a value, for formats other than JSON: strings, numbers, booleans, null, and plain arrays and objects of
   * them. Integers beyond the range of a number are BigInts.
   *
   * @throws SerializationException as `serialize()`
   */
  project(value: unknown): unknown;

  /**
   * Compares `sent`, the JSON text of `value` as it is, with the result of `serialize(value)`. Returns violations, and
   * properties that would be left out, added or written differently. Paths cover all items of a list (`$[*].password`)
   * and are listed once. Empty if nothing would change.
   */
  inspect(value: unknown, sent: string): Violation[] | Promise<Violation[]>;
}
