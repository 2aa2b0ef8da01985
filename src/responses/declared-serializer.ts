import { Logger } from '@nestjs/common';
import type { SchemaSource } from '../schemas/compile-schema.js';
import type { SchemaCache } from '../schemas/schema-cache.js';
import { OMITTED } from '../schemas/differences.js';
import { collectionForm } from '../schemas/json-schema/json-form.js';
import { SerializationException } from '../schemas/serialization.exception.js';
import { JSONText, writeJSON, type Stringify } from './json.js';
import { Occasions } from './occasions.js';

/**
 * How content that does not match its schema is handled: `'error'` fails it, `'warn'` logs it, `'off'` skips the check.
 */
export type Validation = 'error' | 'warn' | 'off';

/** The maximum number of remembered messages. The keys of maps may produce any number of them. */
const MAX_LOGGED = 10_000;

/** A schema that every JSON value matches. */
const ANYTHING = {};

/** The request that a log message is about. Its route is read only if something is logged. */
export interface Occasion {
  /** The name of the route in logs, e.g. `GET /puppies/:id`. */
  readonly route: string;
}

const NO_ROUTE: Occasion = { route: 'A response' };

/** Validates content against its declaration, according to the module's option `validation`. */
export class DeclaredSerializer {
  readonly #logger = new Logger('ResponsesModule');
  readonly #logged = new Set<string>();
  readonly #made = new WeakMap<object, WeakMap<object, unknown>>();
  readonly #occasions = new Occasions();
  readonly #siblings = new Map<Validation, DeclaredSerializer>();
  /** The errors of schemas that could not be compiled at start-up. These have been logged already. */
  readonly #broken = new WeakSet<object>();
  /** True if properties that `'error'` leaves out are logged. */
  readonly #logsOmissions: boolean;

  constructor(
    private readonly stringify: Stringify,
    private readonly schemas: SchemaCache,
    readonly validation: Validation,
  ) {
    this.#logsOmissions = validation === 'error' && process.env['NODE_ENV'] !== 'production';
  }

  /** Returns the serializer for routes that override the option, or this one if they do not. */
  as(validation: Validation = this.validation): DeclaredSerializer {
    if (validation === this.validation) {
      return this;
    }
    let sibling = this.#siblings.get(validation);
    if (sibling === undefined) {
      sibling = new DeclaredSerializer(this.stringify, this.schemas, validation);
      this.#siblings.set(validation, sibling);
    }
    return sibling;
  }

  /**
   * Compiles a schema at start-up.
   *
   * @param problem begins the message if that fails
   * @throws Error with `'error'`; logs it with `'warn'`
   */
  prepare(schema: SchemaSource, problem: string): void {
    if (this.validation === 'off') {
      return;
    }
    try {
      this.schemas.of(schema);
    } catch (error) {
      const message = `${problem}: ${(error as Error).message}`;
      if (this.validation === 'error') {
        throw new Error(message, { cause: error });
      }
      this.#broken.add(error as Error);
      // A list and its items fail for the same reason.
      const { cause } = error as Error;
      const key = `${problem} ${cause instanceof Error ? cause.message : message}`;
      this.#once(`${message} Its values are sent as they are.`, 'warn', key);
    }
  }

  /**
   * Returns the JSON text of a whole value. Returns a promise only if a Standard Schema does.
   *
   * @param at names the route in log messages
   */
  write(value: unknown, schema: SchemaSource, at: Occasion | undefined): string | Promise<string> {
    if (this.validation === 'error') {
      const text = this.schemas.of(schema).serialize(value);
      this.#tellOmissions(value, schema, at);
      return text;
    }
    this.inspect(value, schema, at);
    return writeJSON(value, this.stringify);
  }

  /** Returns an item of a stream as it may be sent: the item itself, or its JSON text after validation. */
  check(item: unknown, schema: SchemaSource, route: string): unknown {
    if (this.validation === 'error') {
      const text = this.schemas.of(schema).serialize(item);
      this.#tellOmissions(item, schema, { route });
      return text instanceof Promise
        ? text.then((settled) => new JSONText(settled))
        : new JSONText(text);
    }
    this.inspect(item, schema, { route });
    return item;
  }

  /**
   * Returns a value for formats other than JSON: plain data, as in its JSON form. With `'error'`, validates it and
   * leaves out undeclared properties. Returns a promise only if a Standard Schema does.
   */
  project(value: unknown, schema: SchemaSource, at: Occasion): unknown {
    if (this.validation === 'error') {
      const data = this.schemas.of(schema).project(value);
      this.#tellOmissions(value, schema, at);
      return data;
    }
    this.inspect(value, schema, at);
    try {
      return this.schemas.of(ANYTHING).project(value);
    } catch (error) {
      if (!(error instanceof SerializationException)) {
        throw error;
      }
      // It has no JSON form, but its class may still be able to write it.
      return value;
    }
  }

  /** With `'warn'`, logs what `'error'` would reject or change in a value that is sent as is. */
  inspect(value: unknown, schema: SchemaSource, at: Occasion = NO_ROUTE): void {
    if (this.validation === 'warn') {
      void this.#examine(value, schema, at, () => writeJSON(value, this.stringify));
    }
  }

  /**
   * Handles content that a declaration does not cover: throws, logs a warning or does nothing, according to
   * `validation`.
   */
  refuse(message: string, route: string): void {
    if (this.validation === 'error') {
      throw new TypeError(message);
    }
    if (this.validation === 'warn') {
      this.#warnOnce(`${route}: ${message}`);
    }
  }

  /** Logs a warning once, unless validation is off. */
  warn(message: string): void {
    if (this.validation !== 'off') {
      this.#warnOnce(message);
    }
  }

  /** Returns the result of `make()` for an item that is sent to many clients. Calls it once for each declaration. */
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

  /** Logs, at level debug, the properties that were left out of a value. */
  #tellOmissions(value: unknown, schema: SchemaSource, at: Occasion = NO_ROUTE): void {
    if (this.#logsOmissions && Logger.isLevelEnabled('debug')) {
      void this.#examine(value, schema, at, () => legibleText(value));
    }
  }

  /** Compares the declared part of a value with the text that would be sent without validation. */
  async #examine(
    value: unknown,
    schema: SchemaSource,
    { route }: Occasion,
    write: () => string | Promise<string>,
  ): Promise<void> {
    try {
      const compiled = this.schemas.of(schema);
      const key = `${route} ${compiled.name}`;
      if (!this.#occasions.take(key)) {
        return;
      }
      for (const { path, message } of await compiled.inspect(value, await write())) {
        const isNew =
          this.validation === 'warn'
            ? this.#warnOnce(`${route}: ${path} ${message}, by ${compiled.name}.`)
            : message === OMITTED &&
              this.#once(
                `${route}: left out ${path}, which ${compiled.name} does not declare.`,
                'debug',
              );
        if (isNew) {
          this.#occasions.found(key);
        }
      }
    } catch (error) {
      if (this.validation === 'warn' && !this.#broken.has(error as Error)) {
        this.#warnOnce(`${route}: ${(error as Error).message}`);
      }
    }
  }

  #warnOnce(message: string): boolean {
    return this.#once(message, 'warn');
  }

  /** Returns true if no message with this key has been logged before. */
  #once(message: string, level: 'warn' | 'debug', key = message): boolean {
    if (this.#logged.has(key) || this.#logged.size >= MAX_LOGGED) {
      return false;
    }
    this.#logged.add(key);
    this.#logger[level](message);
    return true;
  }
}

/**
 * Returns JSON text to compare with, for any value: null for an object that contains itself, digits for BigInts, and the
 * form of collections that is sent.
 */
function legibleText(value: unknown): string {
  /** The objects around the current one, each with its form, which is the `this` of its parts. */
  const outer: { readonly object: object; readonly form: object }[] = [];
  const text: string | undefined = JSON.stringify(
    value,
    function (this: unknown, _name, part: unknown) {
      if (typeof part === 'bigint') {
        return part.toString();
      }
      if (typeof part !== 'object' || part === null) {
        return part;
      }
      outer.splice(outer.findIndex(({ form }) => form === this) + 1);
      if (outer.some(({ object }) => object === part)) {
        return null;
      }
      const form = collectionForm(part);
      outer.push({ object: part, form });
      return form;
    },
  );
  return text ?? 'null';
}
