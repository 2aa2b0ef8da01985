import type { Schema } from '../schema.js';
import type { Violation } from '../violation.js';
import { CompiledSchema } from './compiled-schema.js';
import type { JSONSchemaDocument } from './json-schema.js';

/**
 * A schema that is compiled when the first value is sent. Compiling takes milliseconds, which would add up at the start
 * of an application with hundreds of types. The declaration has already been checked by then.
 */
export class LazySchema implements Schema {
  #schema: CompiledSchema | undefined;

  constructor(
    readonly name: string,
    private readonly document: JSONSchemaDocument,
  ) {}

  serialize(value: unknown): string {
    return this.#compiled().serialize(value);
  }

  project(value: unknown): unknown {
    return this.#compiled().project(value);
  }

  inspect(value: unknown, sent: string): Violation[] {
    return this.#compiled().inspect(value, sent);
  }

  #compiled(): CompiledSchema {
    return (this.#schema ??= new CompiledSchema(this.name, this.document));
  }
}
