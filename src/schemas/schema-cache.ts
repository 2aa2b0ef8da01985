import { compileSchema, isDeclaredType, isStandardSchema } from './compile-schema.js';
import type { SchemaSource } from './compile-schema.js';
import type { Schema } from './schema.js';

/** As many schema objects written in place, `{ schema: { type: 'array', … } }`, are remembered; then the oldest goes. */
const MAX_TEXTS = 1000;

/**
 * The schemas of one application, each compiled when it is first asked for and then kept: by class, also within
 * `[Class]`, which is a new array wherever it is written; by identity; and of OpenAPI schema objects by content too,
 * since a handler may well write one in place, on every request anew.
 */
export class SchemaCache {
  readonly #schemas = new WeakMap<object, Schema>();
  readonly #lists = new WeakMap<object, Schema>();
  readonly #texts = new Map<string, Schema>();

  constructor(
    private readonly compile: (source: SchemaSource) => Schema = (source) => compileSchema(source),
  ) {}

  /** @throws SchemaCompilationException */
  of(source: SchemaSource): Schema {
    if (!isStandardSchema(source) && Array.isArray(source)) {
      return this.#kept(this.#lists, source[0], source);
    }
    return this.#kept(this.#schemas, source, source);
  }

  #kept(schemas: WeakMap<object, Schema>, key: object, source: SchemaSource): Schema {
    let schema = schemas.get(key);
    if (schema === undefined) {
      schema =
        isStandardSchema(source) || isDeclaredType(source)
          ? this.compile(source)
          : this.#ofText(source);
      schemas.set(key, schema);
    }
    return schema;
  }

  #ofText(source: SchemaSource): Schema {
    const text = JSON.stringify(source);
    const schema = this.#texts.get(text) ?? this.compile(source);
    this.#texts.set(text, schema);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= MAX_TEXTS) {
        break;
      }
      this.#texts.delete(oldest);
    }
    return schema;
  }
}
