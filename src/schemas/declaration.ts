import type { Type } from '@nestjs/common';
import { ApiProperty, generateSchema } from '@nestjs/swagger';
import type { Components, OpenAPISchema } from './json-schema/openapi-schema.js';

/** A type as swagger's decorators take it: a DTO class, a built-in one (`String`, `Date`, `BigInt`), or a list of one. */
export type DeclaredType = Type | [Type];

/** What the document says of a type, with the schemas that it refers to. */
export interface Declaration {
  readonly schema: OpenAPISchema;
  readonly components: Components;
}

/**
 * What swagger's document says of `type`, as it says it of a property declared so: with that, swagger alone decides on
 * names (`@ApiSchema({ name })`), built-in types and lists.
 *
 * @throws Error where swagger cannot tell, e.g. of a circular dependency without `type: () => Class`
 */
export function declarationOf(type: DeclaredType): Declaration {
  class Carrier {}
  ApiProperty({ type })(Carrier.prototype, 'value');
  // No class can have this name, so that the carrier hides none of the application.
  Object.defineProperty(Carrier, 'name', { value: 'a type' });
  const { schema, schemas } = generateSchema(Carrier);
  const { value } = schema.properties ?? {};
  if (value === undefined) {
    throw new Error(
      'Swagger has no schema of it. Declare a class whose properties have @ApiProperty().',
    );
  }
  return { schema: value, components: schemas };
}
