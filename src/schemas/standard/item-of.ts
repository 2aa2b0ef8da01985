import type { StandardSchemaV1 } from '@standard-schema/spec';
import { standardJSONSchema } from '../standard-json-schema.js';

type Result = StandardSchemaV1.Result<unknown>;

/** The schema of an item of a list, by the Standard Schema of the list; undefined if that is no schema of a list. */
export function itemOf(list: StandardSchemaV1): StandardSchemaV1 | undefined {
  if (!isList(list)) {
    return undefined;
  }
  const { vendor, validate } = list['~standard'];
  return {
    '~standard': {
      version: 1,
      vendor,
      // A list of one, as there is no other way to ask for the schema of the items.
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
    // Its library cannot describe it, e.g. because it transforms values.
    return false;
  }
}

function first(result: Result): Result {
  return result.issues
    ? { issues: result.issues.map((issue) => ({ ...issue, path: issue.path?.slice(1) ?? [] })) }
    : { value: (result.value as unknown[])[0] };
}
