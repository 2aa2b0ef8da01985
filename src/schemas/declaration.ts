import type { Type } from '@nestjs/common';
import { ApiProperty, DECORATORS, generateSchema } from '@nestjs/swagger';
import type { Components, OpenAPISchema } from './json-schema/openapi-schema.js';
import { carriedComponents } from './standard/carried-schema.js';
import { mapSubschemas, type SchemaData } from './map-subschemas.js';

/**
 * A type that swagger's decorators accept: a DTO class, a built-in one (`String`, `Date`, `BigInt`), or a list of one.
 */
export type DeclaredType = Type | [Type];

/** A list of lists, e.g. `[[Class]]`, as swagger's plugin writes it for the return type `Class[][]`. */
export type NestedList = readonly [readonly [Type] | NestedList];

/** The schema of a type in the document, with the schemas that it refers to. */
export interface Declaration {
  readonly schema: OpenAPISchema;
  readonly components: Components;
}

/**
 * Returns the schema of `type` that swagger would write for a property of that type. Swagger thus decides on names
 * (`@ApiSchema({ name })`), built-in types and lists.
 *
 * @throws Error if swagger cannot describe the type, e.g. for a circular dependency without `type: () => Class`
 */
export function declarationOf(type: DeclaredType | NestedList): Declaration {
  if (isNestedList(type)) {
    // Swagger itself only describes lists of lists of built-in types.
    const { schema, components } = declarationOf(type[0] as [Type] | NestedList);
    return { schema: { type: 'array', items: schema } as OpenAPISchema, components };
  }
  class Carrier {}
  ApiProperty({ type })(Carrier.prototype, 'value');
  // No class can have this name, so the carrier never hides a class of the application.
  Object.defineProperty(Carrier, 'name', { value: 'a type' });
  const { schema, schemas } = generateSchema(Carrier);
  const { value } = schema.properties ?? {};
  if (value === undefined) {
    throw new Error(
      'Swagger has no schema for it. Declare a class whose properties have @ApiProperty().',
    );
  }
  const carried = [...propertyTypes(Carrier)].map((model) => carriedComponents(model));
  return {
    schema: withoutBareObjects(value),
    components: Object.fromEntries(
      Object.entries({ ...schemas, ...Object.assign({}, ...carried) } as Components).map(
        ([name, component]) => [name, withoutBareObjects(component)],
      ),
    ),
  };
}

/** True for a list whose items are lists. */
export function isNestedList(type: unknown): type is NestedList {
  return Array.isArray(type) && Array.isArray(type[0]);
}

/** Returns the classes of the properties of `type`, at any depth. They are known once swagger has read the class. */
function propertyTypes(type: Type, found: Set<unknown> = new Set()): Set<unknown> {
  const { prototype } = type as { prototype?: object };
  const names = prototype && Reflect.getMetadata(DECORATORS.API_MODEL_PROPERTIES_ARRAY, prototype);
  for (const name of (names ?? []) as string[]) {
    const property: unknown = Reflect.getMetadata(
      DECORATORS.API_MODEL_PROPERTIES,
      prototype as object,
      name.slice(1),
    );
    const declared = [(property as { type?: unknown }).type].flat(Infinity)[0];
    const model = isLazy(declared) ? [declared()].flat(Infinity)[0] : declared;
    if (typeof model === 'function' && !found.has(model)) {
      found.add(model);
      propertyTypes(model as Type, found);
    }
  }
  return found;
}

/** True for `() => Class`, by the same test as swagger's. */
function isLazy(type: unknown): type is () => unknown {
  return typeof type === 'function' && type.name === 'type';
}

/** The keywords that constrain an object beyond its type. */
const STRUCTURE = [
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'dependentRequired',
  'dependentSchemas',
  'discriminator',
  'enum',
  'if',
  'maxProperties',
  'minProperties',
  'not',
  'oneOf',
  'patternProperties',
  'properties',
  'propertyNames',
  'required',
  'unevaluatedProperties',
];

/**
 * Removes each `type: 'object'` that stands alone. Swagger and its plugin write it for `type: Object`, which TypeScript
 * emits for every type that it cannot name: `any`, unions, interfaces, `Promise<any>`.
 */
function withoutBareObjects(schema: OpenAPISchema): OpenAPISchema {
  const reduce = (part: SchemaData): SchemaData => {
    const { type, ...rest } = mapSubschemas(part, (inner) =>
      typeof inner === 'boolean' ? inner : reduce(inner),
    );
    return type === undefined ||
      (type === 'object' && !STRUCTURE.some((keyword) => rest[keyword] !== undefined))
      ? rest
      : { type, ...rest };
  };
  return reduce(schema as SchemaData) as OpenAPISchema;
}
