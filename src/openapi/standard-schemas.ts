import { isSchemaData } from '../schemas/map-subschemas.js';
import { isAtLeast } from '../schemas/openapi-version.js';
import { standardJSONSchema } from '../schemas/standard-json-schema.js';
import { toOpenAPI30 } from '../schemas/to-openapi-30.js';
import { ComponentSchemas, type PlacedSchema } from './component-schemas.js';
import type { StandardSchemaConverter } from './document-options.js';

/** The Standard Schemas of a document, described in its OpenAPI version. Their definitions become components. */
export class StandardSchemas {
  readonly #components: ComponentSchemas;

  /**
   * @param openapi the version of the document
   * @param convert called first. Its result is used unchanged
   */
  constructor(
    openapi: string,
    private readonly convert?: StandardSchemaConverter | undefined,
  ) {
    this.#components = new ComponentSchemas(
      isAtLeast(openapi, 1) ? (schema) => schema : toOpenAPI30,
    );
  }

  /** Reserves component names that are already in use. */
  reserve(names: Iterable<string>): void {
    this.#components.reserve(names);
  }

  /** Returns undefined if the library of the schema provides no JSON Schema. Throws the errors of the library. */
  place(schema: object, direction: 'input' | 'output' = 'output'): PlacedSchema | undefined {
    const converted = this.convert?.(schema, { schemaType: direction });
    if (isSchemaData(converted?.schema)) {
      return { schema: converted.schema, components: converted.components ?? {} };
    }
    const described = standardJSONSchema(schema, direction);
    return described && this.#components.place(described);
  }
}
