import type { StandardSchemaV1 } from '@standard-schema/spec';

type Result = StandardSchemaV1.Result<unknown>;

/** Returns the schema of an array whose items match a Standard Schema. */
export function arrayOf(schema: StandardSchemaV1): StandardSchemaV1<unknown, unknown[]> {
  const { vendor, validate } = schema['~standard'];
  return {
    '~standard': {
      version: 1,
      vendor,
      validate: (value) => {
        if (!Array.isArray(value)) {
          return { issues: [{ message: 'must be an array' }] };
        }
        const results = value.map((item) => validate(item));
        return results.every((result) => !(result instanceof Promise))
          ? collect(results as Result[])
          : Promise.all(results.map(async (result) => result)).then(collect);
      },
    },
  };
}

function collect(results: readonly Result[]): StandardSchemaV1.Result<unknown[]> {
  const issues = results.flatMap((result, index) =>
    (result.issues ?? []).map((issue) => ({ ...issue, path: [index, ...(issue.path ?? [])] })),
  );
  return issues.length > 0
    ? { issues }
    : { value: results.map((result) => (result as StandardSchemaV1.SuccessResult<unknown>).value) };
}
