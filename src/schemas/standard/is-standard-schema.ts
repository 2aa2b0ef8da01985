import type { StandardSchemaV1 } from '@standard-schema/spec';

/** True if `source` implements Standard Schema. ArkType's types are functions that do. */
export function isStandardSchema(source: unknown): source is StandardSchemaV1 {
  return (
    ((typeof source === 'object' && source !== null) || typeof source === 'function') &&
    '~standard' in source &&
    typeof source['~standard'] === 'object'
  );
}
