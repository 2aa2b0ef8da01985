import type { StandardSchemaV1 } from '@standard-schema/spec';

/** Returns a schema that accepts null and values that match `schema`. */
export function nullable(schema: StandardSchemaV1): StandardSchemaV1 {
  const { vendor, validate } = schema['~standard'];
  return {
    '~standard': {
      version: 1,
      vendor,
      validate: (value) => (value === null ? { value } : validate(value)),
    },
  };
}
