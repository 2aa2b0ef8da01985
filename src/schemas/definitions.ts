import { isSchemaData, mapSubschemas, type SchemaData } from './map-subschemas.js';

/** A schema and its definitions, taken apart. `$ref: '#'` refers to the schema itself. */
export interface Definitions {
  readonly root: SchemaData;
  readonly definitions: ReadonlyMap<string, SchemaData>;
}

const REFERENCE = /^#\/(?:\$defs|definitions)\/([^/]+)$/;

/** Takes the definitions (`$defs`) out of a JSON Schema. */
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

/** A copy of a schema whose references to definitions (undefined: to the root) are what `refer` says. */
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

/** A schema with each of its definitions in every place that refers to it; any value where it would hold itself. */
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
