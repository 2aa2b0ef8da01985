import type { StandardSchemaV1 } from '@standard-schema/spec';
import { mapReferences, takeDefinitions } from '../definitions.js';
import { type SchemaData } from '../map-subschemas.js';
import { standardJSONSchema } from '../standard-json-schema.js';
import { isStandardSchema } from './is-standard-schema.js';

type Result = StandardSchemaV1.Result<unknown>;

/** A zod schema that can encode values into the form in which they are sent. */
interface Codec extends StandardSchemaV1 {
  safeEncode(value: unknown): {
    readonly data?: unknown;
    readonly error?: { readonly issues: readonly StandardSchemaV1.Issue[] };
  };
}

/**
 * Returns the Standard Schema that validates values of `type`: the class itself, or its static `schema`, as set by
 * `createZodDto()` of nestjs-zod. With `{ codec: true }`, values are encoded. Undefined for other classes.
 */
export function carriedSchema(type: unknown): StandardSchemaV1 | undefined {
  const schema = schemaOf(type);
  return schema && isCodec(type, schema) ? encoding(schema) : schema;
}

/**
 * Returns the document's schemas for the Standard Schema that `type` carries, and for those that it refers to. They are
 * components by name; `type.name` is the schema itself. Undefined for other classes.
 *
 * @throws the error of the schema's library if it cannot describe the schema
 */
export function carriedComponents(type: unknown): Readonly<Record<string, SchemaData>> | undefined {
  const schema = schemaOf(type);
  if (schema === undefined || typeof type !== 'function') {
    return undefined;
  }
  const described = standardJSONSchema(schema, isCodec(type, schema) ? 'input' : 'output') ?? {};
  const { root, definitions } = takeDefinitions(described);
  const nameOf = (name: string | undefined) =>
    name === undefined ? type.name : `${type.name}.${name}`;
  const named = (part: SchemaData) =>
    mapReferences(part, (name) => ({ $ref: `#/components/schemas/${nameOf(name)}` }));
  return Object.fromEntries(
    [[undefined, root] as const, ...definitions].map(([name, part]) => [nameOf(name), named(part)]),
  );
}

function schemaOf(type: unknown): StandardSchemaV1 | undefined {
  if (typeof type !== 'function') {
    return undefined;
  }
  return [type, Reflect.get(type, 'schema')].find(isStandardSchema);
}

function isCodec(type: unknown, schema: StandardSchemaV1): schema is Codec {
  return (
    typeof type === 'function' && Reflect.get(type, 'codec') === true && 'safeEncode' in schema
  );
}

function encoding(codec: Codec): StandardSchemaV1 {
  return {
    '~standard': {
      version: 1,
      vendor: codec['~standard'].vendor,
      validate: (value): Result => {
        const { data, error } = codec.safeEncode(value);
        return error ? { issues: error.issues } : { value: data };
      },
    },
  };
}
