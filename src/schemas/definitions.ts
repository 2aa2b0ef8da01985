import { isSchemaData, mapSubschemas, type SchemaData } from './map-subschemas.js';

/** A schema, separated from its definitions. `$ref: '#'` refers to the schema itself. */
export interface Definitions {
  readonly root: SchemaData;
  readonly definitions: ReadonlyMap<string, SchemaData>;
}

const REFERENCE = /^#\/(?:\$defs|definitions)\/([^/]+)$/;

/** Separates a JSON Schema from its definitions (`$defs`). */
export function takeDefinitions(schema: SchemaData): Definitions {
  const { $defs, definitions, $schema: _dialect, ...root } = schema;
  const named: [string, unknown][] = [definitions, $defs]
    .filter(isSchemaData)
    .flatMap(Object.entries);
  return {
    root,
    definitions: new Map(
      named.filter((entry): entry is [string, SchemaData] => isSchemaData(entry[1])),
    ),
  };
}

/** True if a part of a schema refers to the whole schema. */
export function refersToRoot(schema: SchemaData): boolean {
  let refers = schema['$ref'] === '#';
  mapSubschemas(schema, (part) => {
    refers ||= isSchemaData(part) && refersToRoot(part);
  });
  return refers;
}

/**
 * Copies a schema and replaces its references to definitions with the results of `refer`. The name of the root is
 * undefined.
 */
export function mapReferences(
  schema: SchemaData,
  refer: (name: string | undefined) => SchemaData | undefined,
): SchemaData {
  const target = referenceOf(schema['$ref']);
  const mapped = mapSubschemas(schema, (part) =>
    isSchemaData(part) ? mapReferences(part, refer) : part,
  );
  const replacement = target && refer(target.name);
  if (!replacement) {
    return mapped;
  }
  const { $ref: _replaced, ...siblings } = mapped;
  return { ...replacement, ...siblings };
}

/** Inlines the definitions of a schema. A definition that contains itself becomes "any value" at that place. */
export function inlineDefinitions(schema: SchemaData): SchemaData {
  const { root, definitions } = takeDefinitions(schema);
  const inline = (part: SchemaData, outer: ReadonlySet<string | undefined>): SchemaData =>
    mapReferences(part, (name) => {
      const target = name === undefined ? root : definitions.get(name);
      if (!target || outer.has(name)) {
        return {};
      }
      return inline(target, new Set([...outer, name]));
    });
  return inline(root, new Set([undefined]));
}

function referenceOf(ref: unknown): { readonly name: string | undefined } | undefined {
  if (ref === '#') {
    return { name: undefined };
  }
  const name = typeof ref === 'string' ? REFERENCE.exec(ref)?.[1] : undefined;
  return name === undefined
    ? undefined
    : { name: decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~') };
}
