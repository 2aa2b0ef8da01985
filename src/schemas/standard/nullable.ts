import type { StandardSchemaV1 } from '@standard-schema/spec';

/** The schema of null or a value that conforms to `schema`. */
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
