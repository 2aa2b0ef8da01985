import type { StandardSchemaV1 } from '@standard-schema/spec';
import { standardJSONSchema } from '../standard-json-schema.js';

type Result = StandardSchemaV1.Result<unknown>;

/** Returns the schema of the items of a list, from the Standard Schema of the list. Undefined if it is not a list. */
export function itemOf(list: StandardSchemaV1): StandardSchemaV1 | undefined {
  if (!isList(list)) {
    return undefined;
  }
  const { vendor, validate } = list['~standard'];
  return {
    '~standard': {
      version: 1,
      vendor,
      // Validates a list of one item, because there is no other way to use the schema of the items.
      validate: (value) => {
        const result = validate([value]);
        return result instanceof Promise ? result.then(first) : first(result);
      },
    },
  };
}

function isList(schema: StandardSchemaV1): boolean {
  try {
    const described = standardJSONSchema(schema);
    return described?.['type'] === 'array' && !('prefixItems' in described);
  } catch {
    // The library cannot describe it, e.g. because it transforms values.
    return false;
  }
}

function first(result: Result): Result {
  return result.issues
    ? { issues: result.issues.map((issue) => ({ ...issue, path: issue.path?.slice(1) ?? [] })) }
    : { value: (result.value as unknown[])[0] };
}
