import type { Violation } from './violation.js';

/** A declared type, ready for use: what a route promises in its document, kept to on what leaves the server. */
export interface Schema {
  /** The declared type as messages name it: `Puppy`, `Puppy[]`, `zod schema`. */
  readonly name: string;

  /**
   * The JSON text of what is declared of `value`, once that is known to conform. Nothing of `value` is changed.
   * A promise only where a Standard Schema answers with one.
   *
   * @throws SerializationException with every violation, where `value` does not conform
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
   * What `serialize(value)` would change in `sent`, the JSON text in which `value` goes out without it: violations,
   * and properties that would be left out, added or written otherwise. Paths name no single item (`$[*].password`),
   * and each is told once, so that a list of any length gives a short answer. Empty where nothing would change.
   */
  inspect(value: unknown, sent: string): Violation[] | Promise<Violation[]>;
}
