import type { JSONSchema } from './json-schema.js';

/** Numbers schemas, so that results for a combination of them can be cached. */
export class SchemaKeys {
  readonly #numbers = new Map<JSONSchema, number>();

  /** Returns the same text for the same schemas in the same order, and only for those. */
  of(schemas: readonly JSONSchema[]): string {
    return schemas.map((schema) => this.#number(schema)).join();
  }

  #number(schema: JSONSchema): number {
    let number = this.#numbers.get(schema);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(schema, number);
    }
    return number;
  }
}
