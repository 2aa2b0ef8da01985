import type { ReferenceObject, SchemaObject } from '@nestjs/swagger';

/** A schema of OpenAPI 3.0, 3.1 or 3.2. */
export type OpenAPISchema = SchemaObject | ReferenceObject;

/** Schemas by their names under `#/components/schemas/`. */
export type Components = Readonly<Record<string, OpenAPISchema>>;

/** Returns the schema of a component by its name; undefined if there is none. */
export type FindComponent = (name: string) => OpenAPISchema | undefined;

/** A schema that has not been checked yet. */
export type RawSchema = Readonly<Record<string, unknown>>;

export function isRawSchema(value: unknown): value is RawSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
