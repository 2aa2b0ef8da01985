import { isSchemaData, mapSubschemas, type SchemaData } from './map-subschemas.js';

/** The keywords that OpenAPI 3.0 shares with JSON Schema. */
const KEYWORDS = new Set([
  'additionalProperties',
  'allOf',
  'anyOf',
  'default',
  'deprecated',
  'description',
  'enum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'not',
  'oneOf',
  'pattern',
  'properties',
  'readOnly',
  'required',
  'title',
  'uniqueItems',
  'writeOnly',
]);

/**
 * Converts a JSON Schema (2020-12) to a Schema Object of OpenAPI 3.0. Null becomes `nullable`, a `const` becomes an
 * `enum` of one, an exclusive bound becomes a boolean. Keywords that 3.0 does not have (`prefixItems`, `if`, …) are
 * left out, so the result allows what the schema allows, and maybe more.
 *
 * Source: OpenAPI 3.0.4, section 4.7.24.
 */
export function toOpenAPI30(schema: SchemaData | boolean): SchemaData {
  if (typeof schema === 'boolean') {
    return schema ? {} : { not: {} };
  }
  const mapped = mapSubschemas(schema, toOpenAPI30);
  const result = Object.fromEntries(
    Object.entries(mapped).filter(([keyword]) => KEYWORDS.has(keyword) || keyword.startsWith('x-')),
  );
  if (typeof schema['additionalProperties'] === 'boolean') {
    // The only keyword that may still be a boolean.
    result['additionalProperties'] = schema['additionalProperties'];
  }
  translateExample(mapped, result);
  translateBounds(mapped, result);
  translateConst(mapped, result);
  translateTypes(schema, result);
  translateUnions(schema, result);
  return translateReference(schema, result);
}

function translateExample(
  { examples, example }: SchemaData,
  result: Record<string, unknown>,
): void {
  const first: unknown = example ?? (Array.isArray(examples) ? examples[0] : undefined);
  if (first !== undefined) {
    result['example'] = first;
  }
}

function translateBounds(schema: SchemaData, result: Record<string, unknown>): void {
  for (const [exclusive, inclusive, isTighter] of [
    ['exclusiveMinimum', 'minimum', (bound: number, other: number) => bound >= other],
    ['exclusiveMaximum', 'maximum', (bound: number, other: number) => bound <= other],
  ] as const) {
    const bound = schema[exclusive];
    const other = schema[inclusive];
    if (typeof bound === 'number' && (typeof other !== 'number' || isTighter(bound, other))) {
      result[inclusive] = bound;
      result[exclusive] = true;
    }
  }
}

function translateConst(schema: SchemaData, result: Record<string, unknown>): void {
  if ('const' in schema) {
    result['enum'] = [schema['const']];
  }
  if (Array.isArray(result['enum']) && result['enum'].includes(null)) {
    result['nullable'] = true;
  }
}

function translateTypes({ type, items }: SchemaData, result: Record<string, unknown>): void {
  const types = [type].flat().filter((name) => name !== undefined);
  const named = types.filter((name) => name !== 'null');
  if (named.length < types.length) {
    result['nullable'] = true;
  }
  if (named.length === 1) {
    result['type'] = named[0];
  } else if (named.length > 1) {
    const options = named.map((name) =>
      name === 'array' ? { type: name, items: {} } : { type: name },
    );
    result['allOf'] = [...((result['allOf'] as unknown[] | undefined) ?? []), { anyOf: options }];
  } else if (types.length > 0) {
    result['enum'] = [null];
  }
  if (named.length === 1 && named[0] === 'array' && !isSchemaData(items)) {
    result['items'] = {};
  }
}

function translateUnions(schema: SchemaData, result: Record<string, unknown>): void {
  for (const keyword of ['anyOf', 'oneOf']) {
    const options = schema[keyword];
    if (!Array.isArray(options) || !options.some(isNull)) {
      continue;
    }
    const rest = options.filter((option) => !isNull(option)).map(toOpenAPI30);
    if (rest.length === 0) {
      // Only null, which each of them already allows.
      continue;
    }
    delete result[keyword];
    result['nullable'] = true;
    const [only] = rest;
    if (rest.length !== 1 || !only) {
      result[keyword] = rest;
    } else if ('$ref' in only || Object.keys(only).some((name) => name in result)) {
      result['allOf'] = [...((result['allOf'] as unknown[] | undefined) ?? []), only];
    } else {
      Object.assign(result, only);
    }
  }
}

/** OpenAPI 3.0 ignores everything beside a reference. */
function translateReference(
  { $ref }: SchemaData,
  result: Readonly<Record<string, unknown>>,
): SchemaData {
  if (typeof $ref !== 'string') {
    return result;
  }
  return Object.keys(result).length === 0
    ? { $ref }
    : { ...result, allOf: [...((result['allOf'] as unknown[] | undefined) ?? []), { $ref }] };
}

function isNull(option: unknown): boolean {
  return isSchemaData(option) && (option['type'] === 'null' || option['const'] === null);
}
