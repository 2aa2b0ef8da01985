import type { StandardSchemaV1 } from '@standard-schema/spec';
import { differences } from '../differences.js';
import { CompiledSchema } from '../json-schema/compiled-schema.js';
import { toJSONSchema } from '../json-schema/to-json-schema.js';
import type { Schema } from '../schema.js';
import { SerializationException } from '../serialization.exception.js';
import { summary } from '../violation.js';
import type { Violation } from '../violation.js';
import { pathOf, violationOf } from './standard-issue.js';
import { withJSONForms } from './with-json-forms.js';
import { workingCopy } from './working-copy.js';

type Result = StandardSchemaV1.Result<unknown>;

/**
 * Vendors whose schemas do not modify the values that they validate. ArkType deletes undeclared keys from the object
 * itself.
 */
const READING_VENDORS: ReadonlySet<string> = new Set(['zod', 'valibot']);

/** The result of validating a value with a Standard Schema. */
interface Outcome {
  /** Undefined if there are violations. */
  readonly output?: unknown;
  readonly violations: readonly Violation[];
}

/**
 * A schema of zod, valibot, ArkType or another library that implements Standard Schema 1.0. Its output is sent, so the
 * schema decides which properties are left out. It gets the value itself, so that `z.date()` gets a `Date`. If it
 * rejects an object that has a `toJSON()` (an ObjectId for `z.string()`), it is called once more with the JSON form.
 */
export class StandardSchema implements Schema {
  readonly #standard: StandardSchemaV1.Props;
  #anythingSchema: CompiledSchema | undefined;

  /**
   * @param name the name of the declared type in messages
   * @throws Error for a Standard JSON Schema, which describes values but does not validate them
   */
  constructor(
    schema: StandardSchemaV1,
    readonly name: string,
  ) {
    this.#standard = schema['~standard'];
    if (typeof this.#standard.validate !== 'function') {
      throw new Error(
        'It describes values, but has no "validate" function. Declare a Standard Schema.',
      );
    }
  }

  serialize(value: unknown): string | Promise<string> {
    return after(this.#conforming(value), (output) => this.#text(output));
  }

  project(value: unknown): unknown {
    // Uses the JSON form, so that toJSON() hides the same properties here as in JSON.
    return after(this.#conforming(value), (output) => this.#anything.project(output));
  }

  inspect(value: unknown, sent: string): Violation[] | Promise<Violation[]> {
    return after(this.#examine(value), ({ output, violations }) =>
      summary(
        violations.length > 0
          ? violations
          : differences(JSON.parse(sent), JSON.parse(this.#text(output))),
      ),
    );
  }

  #conforming(value: unknown): unknown {
    return after(this.#examine(value), ({ output, violations }) => {
      if (violations.length > 0) {
        throw new SerializationException(this.name, violations);
      }
      return output;
    });
  }

  /** Accepts every JSON value. Compiled on first use. */
  get #anything(): CompiledSchema {
    return (this.#anythingSchema ??= new CompiledSchema(this.name, toJSONSchema({}, {})));
  }

  #examine(value: unknown): Outcome | Promise<Outcome> {
    return after(this.#validate(value), (result) => {
      if (result.issues === undefined) {
        return this.#outcome(result, value);
      }
      const form = withJSONForms(value, result.issues.map(pathOf));
      return form === value
        ? this.#outcome(result, value)
        : after(this.#validate(form), (second) => this.#outcome(second, form));
    });
  }

  #validate(value: unknown): Result | Promise<Result> {
    return this.#standard.validate(
      READING_VENDORS.has(this.#standard.vendor) ? value : workingCopy(value),
    );
  }

  #outcome(result: Result, value: unknown): Outcome {
    return result.issues === undefined
      ? { output: result.value, violations: [] }
      : { violations: result.issues.map((issue) => violationOf(issue, value)) };
  }

  #text(value: unknown): string {
    try {
      const text = JSON.stringify(value) ?? 'null';
      // JSON writes `{}` or an object of indexes for values without a JSON form: a Map, a typed array, a Promise.
      return /\{(?:\}|"0":)/.test(text) ? this.#anything.serialize(value) : text;
    } catch (error) {
      if (!(error instanceof TypeError)) {
        throw error;
      }
      // It contains a BigInt, whose digits are written here, or itself, which is reported here.
      return this.#anything.serialize(value);
    }
  }
}

/** Calls `use` with `value`, immediately unless `value` is a promise. */
function after<T, R>(value: T | Promise<T>, use: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(use) : use(value);
}
