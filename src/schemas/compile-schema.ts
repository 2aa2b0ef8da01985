import type { StandardSchemaV1 } from '@standard-schema/spec';
import { declarationOf } from './declaration.js';
import type { DeclaredType } from './declaration.js';
import { LazySchema } from './json-schema/lazy-schema.js';
import type { Components, FindComponent, OpenAPISchema } from './json-schema/openapi-schema.js';
import { toJSONSchema } from './json-schema/to-json-schema.js';
import { SchemaCompilationException } from './schema-compilation.exception.js';
import type { Schema } from './schema.js';
import { arrayOf } from './standard/array-of.js';
import { carriedSchema } from './standard/carried-schema.js';
import { isStandardSchema } from './standard/is-standard-schema.js';
import { StandardSchema } from './standard/standard-schema.js';

export { isStandardSchema };

/**
 * A declaration of a schema: a class with `@ApiProperty()`, `[Class]`, a Standard Schema (zod, valibot, ArkType)
 * or an OpenAPI schema object.
 *
 * @publicApi
 */
export type SchemaSource = DeclaredType | StandardSchemaV1 | SelfContainedSchema;

/** A schema that may include the targets of its `$ref`s, as a document does. */
export type SelfContainedSchema = OpenAPISchema & {
  readonly components?: { readonly schemas?: Components };
};

/**
 * Compiles a declaration to a `Schema`. This takes milliseconds, so `SchemaCache` does it once for each type.
 *
 * For a class and an OpenAPI schema object, the declared part of the JSON form is sent:
 *
 * - Undeclared properties are left out, unless `additionalProperties` allows them. So are `writeOnly` properties.
 * - An object that declares no properties, `{ type: 'object' }`, is sent as is.
 * - With `oneOf`, `anyOf`, `if` and `discriminator`, the properties of all matching options are sent.
 * - A missing property is sent with its `default`, as readers of the document assume, if that is a valid value. Not
 *   within a union, where the default could decide which option matches.
 * - A declared getter of a class is a property.
 * - A `Date` is an instant or, with `format: 'date'`, a day, both in UTC.
 * - An integer or a string may be a BigInt. All its digits are written.
 * - A `Set` and a typed array become arrays. A `Map` with strings or numbers as keys becomes an object.
 * - In a class, `type: Object` allows any value. Swagger and its plugin write it for types that they cannot name.
 * - Bytes (`Buffer`, `Uint8Array`) are base64 if `format` is `byte` or `binary`, or if `contentEncoding` says so.
 *
 * Values that do not match are rejected. This includes `NaN` for a number, which JSON would turn into `null`, and
 * values that JSON would write as `{}` although they are not empty: a `Promise`, an `Error`, a `WeakMap`.
 *
 * @param find returns the target of a `$ref: '#/components/schemas/NAME'` that `source` does not include
 * @throws SchemaCompilationException that names the type
 */
export function compileSchema(source: SchemaSource, find?: FindComponent): Schema {
  const name = nameOf(source);
  try {
    if (isStandardSchema(source)) {
      return new StandardSchema(source, name);
    }
    if (isDeclaredType(source)) {
      const carried = carriedSchema(Array.isArray(source) ? source[0] : source);
      if (carried) {
        return new StandardSchema(Array.isArray(source) ? arrayOf(carried) : carried, name);
      }
      const { schema, components } = declarationOf(source);
      return new LazySchema(name, toJSONSchema(schema, components, find));
    }
    return new LazySchema(name, toJSONSchema(source, source.components?.schemas ?? {}, find));
  } catch (error) {
    throw new SchemaCompilationException(name, error);
  }
}

/** True if `source` is a class or a list of one. */
export function isDeclaredType(source: unknown): source is DeclaredType {
  return (
    typeof source === 'function' ||
    (Array.isArray(source) && source.length === 1 && typeof source[0] === 'function')
  );
}

function nameOf(source: SchemaSource): string {
  if (isStandardSchema(source)) {
    const isClass = typeof source === 'function' && String(source).startsWith('class ');
    return isClass ? Reflect.get(source, 'name') : `${source['~standard'].vendor} schema`;
  }
  if (typeof source === 'function') {
    return source.name;
  }
  if (Array.isArray(source)) {
    return `${source[0]?.name}[]`;
  }
  if ('$ref' in source) {
    return source.$ref.slice(source.$ref.lastIndexOf('/') + 1);
  }
  return source.title ?? 'the declared schema';
}
