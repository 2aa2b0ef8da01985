import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import type { SchemaData } from '../schemas/map-subschemas.js';

/** Converts a Standard Schema for the document, in place of its library. Undefined: the library converts it. */
export type StandardSchemaConverter = (
  schema: unknown,
  options: { readonly schemaType: 'input' | 'output' },
) =>
  | { readonly schema: unknown; readonly components?: Readonly<Record<string, SchemaData>> }
  | undefined;

/** Options of swagger's `createDocument()`. The converter is one of swagger 12; swagger 11 ignores it. */
export type DocumentOptions = SwaggerDocumentOptions & {
  readonly standardSchemaConverter?: StandardSchemaConverter;
};
