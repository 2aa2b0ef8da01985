import { compileSchema, isDeclaredType, isStandardSchema } from './compile-schema.js';
import type { SchemaSource } from './compile-schema.js';
import { SchemaCompilationException } from './schema-compilation.exception.js';
import type { Schema } from './schema.js';

/** As many schema objects written in place, `{ schema: { type: 'array', … } }`, are remembered; then the oldest goes. */
const MAX_TEXTS = 1000;

type Compiled = Schema | SchemaCompilationException;

/**
 * The schemas of one application, each compiled when it is first asked for and then kept: by class, also within
 * `[Class]`, which is a new array wherever it is written; by identity; and of OpenAPI schema objects by content too,
 * since a handler may well write one in place, on every request anew.
 */
export class SchemaCache {
  readonly #schemas = new WeakMap<object, Compiled>();
  readonly #lists = new WeakMap<object, Compiled>();
  readonly #texts = new Map<string, Compiled>();

  constructor(
    private readonly compile: (source: SchemaSource) => Schema = (source) => compileSchema(source),
  ) {}

  /** @throws SchemaCompilationException, the same one each time */
  of(source: SchemaSource): Schema {
    const compiled =
      !isStandardSchema(source) && Array.isArray(source)
        ? this.#kept(this.#lists, source[0], source)
        : this.#kept(this.#schemas, source, source);
    if (compiled instanceof SchemaCompilationException) {
      throw compiled;
    }
    return compiled;
  }

  #kept(schemas: WeakMap<object, Compiled>, key: object, source: SchemaSource): Compiled {
    let schema = schemas.get(key);
    if (schema === undefined) {
      schema =
        isStandardSchema(source) || isDeclaredType(source)
          ? this.#compiled(source)
          : this.#ofText(source);
      schemas.set(key, schema);
    }
    return schema;
  }

  #compiled(source: SchemaSource): Compiled {
    try {
      return this.compile(source);
    } catch (error) {
      if (error instanceof SchemaCompilationException) {
        return error;
      }
      throw error;
    }
  }

  #ofText(source: SchemaSource): Compiled {
    const text = JSON.stringify(source);
    const schema = this.#texts.get(text) ?? this.#compiled(source);
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
