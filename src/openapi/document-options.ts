import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import type { SchemaData } from '../schemas/map-subschemas.js';

/** A Standard Schema as part of a document. @publicApi */
export interface ConvertedSchema {
  /** A Schema Object. */
  readonly schema: unknown;
  /** The components that it refers to, by name. */
  readonly components?: Readonly<Record<string, SchemaData>>;
}

/**
 * Converts a Standard Schema for the document, instead of its library. Return undefined to let the library convert it.
 * @publicApi
 */
export type StandardSchemaConverter = (
  schema: unknown,
  options: { readonly schemaType: 'input' | 'output' },
) => ConvertedSchema | undefined;

/** Options of swagger's `createDocument()`. @publicApi */
export type DocumentOptions = SwaggerDocumentOptions & {
  /** Converts Standard Schemas. Swagger 11 does not have this option, and ignores it. @default none */
  readonly standardSchemaConverter?: StandardSchemaConverter;
};
