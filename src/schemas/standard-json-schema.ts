import type { SchemaData } from './map-subschemas.js';

type Convert = (options: {
  readonly target: 'draft-2020-12';
  readonly libraryOptions?: SchemaData | undefined;
}) => object;

interface StandardJSONSchema {
  readonly vendor: string;
  readonly jsonSchema?: { readonly input: Convert; readonly output: Convert };
}

const DATE_TIME = { type: 'string', format: 'date-time' };

/**
 * Options by vendor. A `Date` is described by its JSON form. Types that JSON Schema cannot express become any value.
 */
const LIBRARY_OPTIONS: Readonly<Record<string, SchemaData>> = {
  zod: {
    unrepresentable: 'any',
    override: ({
      zodSchema,
      jsonSchema,
    }: {
      zodSchema: { _zod: { def: { type: string } } };
      jsonSchema: object;
    }) => {
      if (zodSchema._zod.def.type === 'date') {
        Object.assign(jsonSchema, DATE_TIME);
      }
    },
  },
  valibot: {
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema }: { valibotSchema: { type: string } }) =>
      valibotSchema.type === 'date' ? DATE_TIME : undefined,
  },
  arktype: {
    fallback: { date: () => DATE_TIME, default: ({ base }: { base: object }) => base },
  },
};

/**
 * Returns the JSON Schema (2020-12) of the input or the output of a Standard Schema, as plain data. Undefined if its
 * library provides none. Throws the library's error for a schema that it cannot describe.
 *
 * Source: Standard JSON Schema 1.0, `~standard.jsonSchema`.
 */
export function standardJSONSchema(
  schema: object,
  direction: 'input' | 'output' = 'output',
): SchemaData | undefined {
  const { vendor, jsonSchema } = (schema as { '~standard': StandardJSONSchema })['~standard'];
  const described = jsonSchema?.[direction]({
    target: 'draft-2020-12',
    libraryOptions: LIBRARY_OPTIONS[vendor],
  });
  return described && (JSON.parse(JSON.stringify(described)) as SchemaData);
}
