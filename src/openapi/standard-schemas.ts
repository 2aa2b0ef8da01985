import { isSchemaData } from '../schemas/map-subschemas.js';
import { isAtLeast } from '../schemas/openapi-version.js';
import { standardJSONSchema } from '../schemas/standard-json-schema.js';
import { toOpenAPI30 } from '../schemas/to-openapi-30.js';
import { ComponentSchemas, type PlacedSchema } from './component-schemas.js';
import type { StandardSchemaConverter } from './document-options.js';

/** The Standard Schemas of one document, described in its own version, with what they define as components. */
export class StandardSchemas {
  readonly #components: ComponentSchemas;

  /**
   * @param openapi the version of the document
   * @param convert is asked first; what it answers is taken as it is
   */
  constructor(
    openapi: string,
    private readonly convert?: StandardSchemaConverter | undefined,
  ) {
    this.#components = new ComponentSchemas(
      isAtLeast(openapi, 1) ? (schema) => schema : toOpenAPI30,
    );
  }

  /** Leaves these names of components to the schemas that have them. */
  reserve(names: Iterable<string>): void {
    this.#components.reserve(names);
  }

  /** Undefined where its library gives no JSON Schema; throws what the library throws. */
  place(schema: object, direction: 'input' | 'output' = 'output'): PlacedSchema | undefined {
    const converted = this.convert?.(schema, { schemaType: direction });
    if (isSchemaData(converted?.schema)) {
      return { schema: converted.schema, components: converted.components ?? {} };
    }
    const described = standardJSONSchema(schema, direction);
    return described && this.#components.place(described);
  }
}
