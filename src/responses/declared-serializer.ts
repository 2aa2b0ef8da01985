import { Logger } from '@nestjs/common';
import type { SchemaSource } from '../schemas/compile-schema.js';
import type { SchemaCache } from '../schemas/schema-cache.js';
import { JSONText, writeJSON, type Stringify } from './json.js';

/** What becomes of content that does not conform to its schema: it fails, it is logged, or nobody looks. */
export type Validation = 'error' | 'warn' | 'off';

/** How many messages are remembered as logged; the keys of maps may make any number of them. */
const MAX_LOGGED = 10_000;

/** The schema that every JSON value conforms to. */
const ANYTHING = {};

/** Keeps what is sent to what is declared, as the module's option `validation` says. */
export class DeclaredSerializer {
  readonly #logger = new Logger('ResponsesModule');
  readonly #logged = new Set<string>();
  readonly #made = new WeakMap<object, WeakMap<object, unknown>>();

  constructor(
    private readonly stringify: Stringify,
    private readonly schemas: SchemaCache,
    readonly validation: Validation,
  ) {}

  /**
   * The JSON text of a value that is sent as a whole; a promise only where a Standard Schema answers with one.
   *
   * @param at names the route where something is logged
   */
  write(
    value: unknown,
    schema: SchemaSource,
    at: { readonly route: string } | undefined,
  ): string | Promise<string> {
    if (this.validation === 'error') {
      return this.schemas.of(schema).serialize(value);
    }
    this.inspect(value, schema, at?.route ?? '');
    return writeJSON(value, this.stringify);
  }

  /** An item of a stream as it may be sent: the item itself, or its JSON text once that is known to conform. */
  check(item: unknown, schema: SchemaSource, route: string): unknown {
    if (this.validation === 'error') {
      const text = this.schemas.of(schema).serialize(item);
      return text instanceof Promise
        ? text.then((settled) => new JSONText(settled))
        : new JSONText(text);
    }
    this.inspect(item, schema, route);
    return item;
  }

  /**
   * A value as formats other than JSON may send it: plain data, as JSON would have it. With `'error'` it has been
   * validated and cut to what is declared. A promise only if a Standard Schema answers with one.
   */
  project(value: unknown, schema: SchemaSource, route: string): unknown {
    if (this.validation === 'error') {
      return this.schemas.of(schema).project(value);
    }
    this.inspect(value, schema, route);
    return this.schemas.of(ANYTHING).project(value);
  }

  /** Logs what `'error'` would refuse or change in a value that is sent as it is; does nothing but for `'warn'`. */
  inspect(value: unknown, schema: SchemaSource, route: string): void {
    if (this.validation === 'warn') {
      void this.#inspect(value, schema, route);
    }
  }

  /** Refuses what a declaration says nothing of: an error, a log line or nothing, as `validation` says. */
  refuse(message: string, route: string): void {
    if (this.validation === 'error') {
      throw new TypeError(message);
    }
    if (this.validation === 'warn') {
      this.#warnOnce(`${route}: ${message}`);
    }
  }

  /** What is made of an item that is sent to many clients, made once for each declaration. */
  once<TResult>(item: object, declaration: object, make: () => TResult): TResult {
    let results = this.#made.get(declaration);
    if (!results) {
      results = new WeakMap();
      this.#made.set(declaration, results);
    }
    if (!results.has(item)) {
      results.set(item, make());
    }
    return results.get(item) as TResult;
  }

  async #inspect(value: unknown, schema: SchemaSource, route: string): Promise<void> {
    try {
      const compiled = this.schemas.of(schema);
      const violations = await compiled.inspect(value, writeJSON(value, this.stringify));
      for (const { path, message } of violations) {
        this.#warnOnce(`${route}: ${path} ${message}, by ${compiled.name}.`);
      }
    } catch (error) {
      this.#warnOnce(`${route}: ${(error as Error).message}`);
    }
  }

  #warnOnce(message: string): void {
    if (!this.#logged.has(message) && this.#logged.size < MAX_LOGGED) {
      this.#logged.add(message);
      this.#logger.warn(message);
    }
  }
}
