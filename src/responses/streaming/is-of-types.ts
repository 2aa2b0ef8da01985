import { isSchemaData, type SchemaData } from '../../schemas/map-subschemas.js';

const COMPONENTS = '#/components/schemas/';

/**
 * True if all values that match the schema have one of these types, as far as the schema shows.
 *
 * @param components the schemas under `#/components/schemas/`
 */
export function isOfTypes(
  types: readonly unknown[],
  schema: SchemaData,
  components: Readonly<Record<string, unknown>>,
): boolean {
  const visited = new Set<unknown>();
  const isOf = (part: unknown): boolean => {
    // A schema that refers to itself has no known type.
    if (!isSchemaData(part) || visited.has(part)) {
      return false;
    }
    visited.add(part);
    const { type, nullable, $ref, allOf, anyOf, oneOf } = part;
    if (nullable === true && !types.includes('null')) {
      return false;
    }
    if (typeof $ref === 'string') {
      return isOf(components[$ref.slice(COMPONENTS.length)]);
    }
    return (
      (type !== undefined && [type].flat().every((name) => types.includes(name))) ||
      (Array.isArray(allOf) && allOf.some(isOf)) ||
      [anyOf, oneOf].some((options) => Array.isArray(options) && options.every(isOf))
    );
  };
  return isOf(schema);
}
