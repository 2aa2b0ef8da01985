import type { Violation } from './violation.js';

/** A declared type, ready to validate and serialize values. */
export interface Schema {
  /** The name of the declared type in messages: `Puppy`, `Puppy[]`, `zod schema`. */
  readonly name: string;

  /**
   * Validates `value` and returns the declared part of it as JSON. Does not change `value`. Returns a promise only if a
   * Standard Schema does.
   *
   * @throws SerializationException with all violations if `value` does not match
   */
  serialize(value: unknown): string | Promise<string>;

  /**
   * Like `serialize()`, but returns a value for formats other than JSON: strings, numbers, booleans, null, and plain
   * arrays and objects of them. Integers beyond the range of a number are BigInts.
   *
   * @throws SerializationException as `serialize()`
   */
  project(value: unknown): unknown;

  /**
   * Compares `sent`, the JSON text of `value` without validation, with the result of `serialize(value)`. Returns
   * violations, and properties that would be left out, added or written differently. Paths cover all items of a list
   * (`$[*].password`) and are listed once. Empty if nothing would change.
   */
  inspect(value: unknown, sent: string): Violation[] | Promise<Violation[]>;
}
