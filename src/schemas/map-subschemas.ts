/** A JSON Schema or an OpenAPI Schema Object, as plain data. */
export type SchemaData = Readonly<Record<string, unknown>>;

const ONE_SCHEMA = new Set([
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const NAMED_SCHEMAS = new Set([
  '$defs',
  'definitions',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);

/** Copies a schema and replaces each of its direct subschemas with the result of `map`. */
export function mapSubschemas(
  schema: SchemaData,
  map: (subschema: SchemaData | boolean) => unknown,
): Record<string, unknown> {
  const mapOne = (value: unknown): unknown =>
    typeof value === 'boolean' || isSchemaData(value) ? map(value) : value;
  const copy = { ...schema };
  for (const [keyword, value] of Object.entries(schema)) {
    if (ONE_SCHEMA.has(keyword)) {
      copy[keyword] = mapOne(value);
    } else if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) {
      copy[keyword] = value.map(mapOne);
    } else if (NAMED_SCHEMAS.has(keyword) && isSchemaData(value)) {
      // Uses entries, so that a property may be called `__proto__`.
      const named = Object.entries(value).map(([name, part]) => [name, mapOne(part)] as const);
      copy[keyword] = Object.fromEntries(named);
    }
  }
  return copy;
}

export function isSchemaData(value: unknown): value is SchemaData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
