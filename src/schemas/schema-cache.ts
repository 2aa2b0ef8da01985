import { compileSchema, isDeclaredType, isStandardSchema } from './compile-schema.js';
import type { SchemaSource } from './compile-schema.js';
import { SchemaCompilationException } from './schema-compilation.exception.js';
import type { Schema } from './schema.js';

/**
 * The maximum number of cached inline schema objects, e.g. `{ schema: { type: 'array', … } }`. Then the oldest is
 * removed.
 */
const MAX_TEXTS = 1000;

type Compiled = Schema | SchemaCompilationException;

/**
 * The schemas of an application. Each is compiled on first use and cached by identity. For `[Class]`, a new array in
 * each place, the class is the key. OpenAPI schema objects are also cached by content, because a handler may write one
 * inline, on every request.
 */
export class SchemaCache {
  readonly #schemas = new WeakMap<object, Compiled>();
  readonly #lists = new WeakMap<object, Compiled>();
  readonly #texts = new Map<string, Compiled>();

  constructor(
    private readonly compile: (source: SchemaSource) => Schema = (source) => compileSchema(source),
  ) {}

  /** @throws SchemaCompilationException, the same one on each call */
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
