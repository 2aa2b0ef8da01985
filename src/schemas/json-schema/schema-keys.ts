import type { JSONSchema } from './json-schema.js';

/** Names schemas by number, so that what is made of some of them is found again. */
export class SchemaKeys {
  readonly #numbers = new Map<JSONSchema, number>();

  /** The same text for the same schemas in the same order, and for no others. */
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
